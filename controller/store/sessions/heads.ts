import type { Queryable } from '../database.js'

/** Where every session's log stands. */
export async function sessionHeads(db: Queryable): Promise<{ session: string; seq: number; head: string }[]> {
  return db.query(`select session, seq, head from runtime.sessions where seq > 0 order by session`, [], 'session-heads')
}
