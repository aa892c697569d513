import { accessRoutes } from './api/access.js'
import { changeRoutes } from './api/change.js'
import { historyRoutes } from './api/history.js'
import { modelCheckRoutes } from './api/model-check.js'
import { modelRoutes } from './api/models.js'
import { netRoutes } from './api/nets.js'
import type { Route } from './api/route.js'
import { tokenRoutes } from './api/tokens.js'
import { toolRoutes } from './api/tools.js'
import { workRoutes } from './api/work.js'

/** The whole API, once: the server mounts it, the client calls it, OpenAPI and docs/api.md are held against it. */
export const API = { ...changeRoutes, ...netRoutes, ...tokenRoutes, ...workRoutes, ...historyRoutes, ...accessRoutes, ...modelRoutes, ...modelCheckRoutes, ...toolRoutes } as const
export type RouteName = keyof typeof API

export const ROUTES: ReadonlyMap<string, Route> = new Map(Object.entries(API))
