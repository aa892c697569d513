import type { Program, TransitionProgram } from '../../petri/compile.js'
import type { Json } from '../../petri/json.js'
import type { LiveToken } from '../../petri/live-token.js'
import type { Marking } from '../../petri/marking.js'
import type { Address } from '../../petri/net.js'
import type { RateWindow } from '../../petri/rate.js'
import type { Bound, TransitionState } from '../../petri/transition-state.js'
import type { Outcome } from '../../protocol/effect.js'
import type { LifecycleRow } from '../store/lifecycle/list.js'

/** What a running effect holds, in the effects row: enough to settle it after any restart. */
export interface Hold {
  readonly generation: number
  readonly at: number
  readonly correlation: string
  readonly revision: string
  /** by input: ids of what it bound, or null */
  readonly bound: readonly (number | readonly number[] | null)[]
  /** by input: data and birth of what was read (read tokens are copied, not reserved) */
  readonly copies: readonly (readonly CopiedToken[] | null)[]
  readonly slots: Readonly<Record<Address, number>>
  readonly blocked?: Outcome
  readonly approval?: Approval
}
/** What the person said who let a firing go; root `_approval`. */
export interface Approval {
  readonly by: string
  readonly at: string
  readonly comment: string
}
export interface CopiedToken {
  readonly id: number
  readonly place: string
  readonly data: Json
  readonly createdAt: number
  readonly by: string
  readonly depth: number
  readonly correlation: string
}

/** A firing whose effect is outside. It ends under the program it began with. */
export interface Pending {
  readonly firing: number
  attempt: number
  readonly program: Program
  readonly transition: TransitionProgram
  readonly data: readonly (Json | undefined)[]
  readonly bound: readonly Bound[]
  readonly consumed: readonly LiveToken[]
  hold: Hold
  blocked: Outcome | undefined
  /** a person has to merge its proposal first; it is no running effect yet */
  awaiting: boolean
}

/** What an engine holds of a session that it owns. Thrown away whole when a batch fails; load.ts makes it anew. */
export interface Own {
  readonly session: string
  readonly engine: string
  readonly fence: number
  readonly program: Program
  /** commit of the generation */
  readonly revision: string
  readonly marking: Marking
  readonly pending: Map<number, Pending>
  /** how many of them await a person */
  awaiting: number
  lifecycle: readonly LifecycleRow[]
  readonly rates: Map<TransitionState, RateWindow>
  readonly schedules: { readonly state: TransitionState; next: number | undefined }[]
  /** transitions that found the session's effects at their limit */
  readonly starved: Set<TransitionState>
  /** firings by transition since the window of limits.firings began */
  readonly firings: { since: number; total: number; readonly by: Map<string, number> }
  head: string
  seq: number
  at: number
  adopted: number
  /** events since the last snapshot, and tokens in the table: what decides on the next one */
  snapshot: number
  /** `wake_at` as the session's row has it */
  wakeAt: number | undefined
  /** bytes of the kept log, counted where limits.logBytes is set */
  logBytes: number
  /** tokens in the table at the last snapshot */
  tokens: number
  /** database clock minus performance.now(), in milliseconds */
  clock: number
}

/** Whether people let a transition fire: every scope that contains it must run. */
export function isStopped(lifecycle: readonly LifecycleRow[], net: string, transition: string): boolean {
  return lifecycle.some((row) => row.state !== 'running' && (row.net === '' || row.net === net) && (row.transition === '' || row.transition === transition))
}

/** Brings every transition's `stopped` up to date with the lifecycle; those that may fire again are tried. */
export function applyLifecycle(own: Own): void {
  for (const state of own.marking.transitions.values()) {
    const stopped = isStopped(own.lifecycle, state.program.net.name, state.program.transition.name)
    if (state.stopped && !stopped) {
      state.failures = 0
      own.marking.wake(state)
    }
    state.stopped = stopped
  }
}

/** True when nothing of the session may fire. */
export function isAllStopped(own: Own): boolean {
  return own.lifecycle.some((row) => row.state !== 'running' && row.net === '' && row.transition === '')
}
