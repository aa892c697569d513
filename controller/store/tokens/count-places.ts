import type { Queryable } from '../database.js'

/** Tokens of each place of a session. */
export async function countPlaces(db: Queryable, session: string): Promise<{ place: string; tokens: number }[]> {
  return db.query(`select place, count(*) as tokens from runtime.tokens where session = $1 group by place order by place`, [session])
}
