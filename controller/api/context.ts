import type { Log } from '../log.js'
import type { Forge } from '../forge/forge.js'
import type { Database } from '../store/database.js'
import type { Applied } from './applied.js'
import type { Decisions } from './decisions.js'
import type { Hub } from './hub.js'
import type { Poster } from './poster.js'
import type { Reservations } from './reservations.js'
import type { ToolParts } from './tools/parts.js'

/** What every group of routes is given. */
export interface Context {
  readonly db: Database
  readonly log: Log
  readonly hub: Hub
  readonly decisions: Decisions
  readonly poster: Poster
  readonly applied: Applied
  readonly reservations: Reservations
  readonly forge: Forge
  readonly tools: ToolParts
  readonly version: string
}
