import type { Queryable } from '../database.js'

export interface Holder {
  readonly firing: number
  readonly hold: unknown
}

/** What the unsettled effects of a session hold: which tokens are reserved, and by which firing. */
export async function listHolders(db: Queryable, session: string): Promise<Holder[]> {
  return db.query<Holder>(
    `select firing, hold from runtime.effects
     where session = $1 and state in ('pending', 'held', 'leased', 'blocked', 'settled') order by firing`,
    [session])
}
