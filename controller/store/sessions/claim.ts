import type { Queryable } from '../database.js'

export interface Claim {
  readonly fence: number
  readonly generation: number
  readonly adopted: number
  readonly seq: number
  readonly head: string
  /** milliseconds: time of the last batch, and the database's clock now */
  readonly at: number
  readonly clock: number
  /** first event of the last snapshot segment; 0: none yet */
  readonly snapshot: number
  readonly wakeAt: number | null
}

/**
 * Makes an engine the owner of a session that nobody alive owns, or raises the fence of its own. Waits out a batch that
 * is still committing, so what is read afterwards is what stands. Undefined: another live engine owns it, or it is gone.
 */
export async function claimSession(db: Queryable, session: string, engine: string): Promise<Claim | undefined> {
  const rows = await db.query<Claim>(
    `update runtime.sessions s set owner = $2, fence = s.fence + 1
      where s.session = $1 and (s.owner is null or s.owner = $2
        or not exists (select from runtime.engines e where e.engine = s.owner and e.until > now()))
      returning fence, generation, adopted, seq, head, snapshot,
        floor(extract(epoch from wake_at) * 1000)::float8 as "wakeAt", extract(epoch from at)::float8 * 1000 as at, extract(epoch from clock_timestamp())::float8 * 1000 as clock`,
    [session, engine], 'session-claim')
  return rows[0]
}
