import type { LeasedEffect, Outcome } from '../../protocol/effect.js'
import type { ExecutorOptions } from '../config.js'
import type { ControllerClient } from '../controller-client.js'
import type { Credentials } from '../credentials.js'
import type { Ledger } from '../ledger.js'
import type { Cage } from '../runtime/cage.js'
import type { Supervision } from '../runtime/process.js'
import type { Workspaces } from '../runtime/workspaces.js'
import type { ModelReach } from '../llm/reach.js'
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
  readonly models: ModelReach
  readonly breakers: Breakers
  readonly client: ControllerClient
  /** what model calls may cost, and what they did */
  readonly ledger: Ledger
}

/** Does an effect. Whatever goes wrong outside is an outcome; the signal's reason is `lost`, `cancelled` or `drained`. */
export type Kind<Request> = (effect: LeasedEffect & { readonly request: Request }, credentials: Credentials, bench: Bench, signal: AbortSignal) => Promise<Outcome>

/** Work that was put back unfinished, without using up an attempt: nobody is owed an outcome. */
export const PUT_BACK = 'put back'

/** The same for work that calls models: it may have to wait for money, and can go on elsewhere. */
export type LongKind<Request> = (...given: Parameters<Kind<Request>>) => Promise<Outcome | typeof PUT_BACK>
