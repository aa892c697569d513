import type { Caller } from '../../../tools/caller.js'
import { Refusal } from '../../../tools/tool.js'

/** What all ports of one call are bound to. */
export interface Bound {
  readonly caller: Caller
  readonly signal: AbortSignal
  /** the same for the same call, however often it is sent: keys of what it writes are made of it */
  readonly key: string
  /** every session that the call touched, in order */
  readonly touched: Set<string>
}

/** Settles that the call may touch a session; each port asks for each session, so that a call is authorised for all of them. */
export function enter({ caller, touched }: Bound, session: string): void {
  if (!caller.covers(session)) {
    throw new Refusal('forbidden-session', `${caller.name} may not see or touch session ${session}`,
      caller.session === undefined ? 'use a token that covers it' : `stay in session ${caller.session}; policy.yaml says which others it may reach`)
  }
  touched.add(session)
}
