import type { LeasedEffect, Outcome } from '../../protocol/effect.js'
import type { ExecutorOptions } from '../config.js'
import type { Credentials } from '../credentials.js'
import type { Cage } from '../runtime/cage.js'
import type { Supervision } from '../runtime/process.js'
import type { Workspaces } from '../runtime/workspaces.js'
import type { Breakers } from './breakers.js'
import type { Egress } from './egress.js'

/** What running work may lean on; one of each an executor. */
export interface Bench {
  readonly options: ExecutorOptions
  readonly supervision: Supervision
  readonly workspaces: Workspaces
  /** folder for the working directories of commands */
  readonly jails: string
  /** for pipelines; undefined where there is none */
  readonly cage: Cage | undefined
  readonly egress: Egress
  readonly breakers: Breakers
}

/** Does an effect. Whatever goes wrong outside is an outcome; the signal's reason is `lost`, `cancelled` or `drained`. */
export type Kind<Request> = (effect: LeasedEffect & { readonly request: Request }, credentials: Credentials, bench: Bench, signal: AbortSignal) => Promise<Outcome>
