import type { Task } from './task.js'
import { asking } from './tasks/asking.js'
import { changing } from './tasks/changing.js'
import { commanding } from './tasks/commanding.js'
import { fetching } from './tasks/fetching.js'
import { joining } from './tasks/joining.js'
import { routing } from './tasks/routing.js'
import { timing } from './tasks/timing.js'
import { transforming } from './tasks/transforming.js'

/** Every task, the easy ones first. */
export const TASKS: readonly Task[] = [...routing, ...transforming, ...joining, ...timing, ...fetching, ...commanding, ...changing, ...asking]
