import type { Queryable } from '../database.js'

/** All tokens of a session after an id, by id: place and data. */
export async function tokensAfter(db: Queryable, session: string, after: number, limit: number): Promise<{ id: number; place: string; data: unknown }[]> {
  return db.query(`select id, place, data from runtime.tokens where session = $1 and id > $2 order by id limit $3`, [session, after, limit])
}
