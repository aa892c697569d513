import type { Queryable } from '../database.js'

export interface WaitingRow {
  readonly firing: number
  readonly state: string
  readonly waiting: string
  readonly proposal: number
  readonly cancel: string | null
  readonly attempt: number
  readonly due: boolean
  readonly due_at: Date
}

/** Unsettled effects of a transition, the oldest first, 100 at most. */
export async function waitingEffects(db: Queryable, session: string, net: string, transition: string): Promise<WaitingRow[]> {
  return db.query<WaitingRow>(
    `select firing, state, waiting, proposal, cancel, attempt, due_at <= now() as due, due_at from runtime.effects
     where session = $1 and net = $2 and transition = $3 and state in ('pending', 'held', 'leased', 'blocked', 'awaiting')
     order by firing limit 100`,
    [session, net, transition])
}
