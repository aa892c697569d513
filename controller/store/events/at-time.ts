import type { Queryable } from '../database.js'

/** Number of the last event at or before a time; 0: none is. */
export async function eventAtTime(db: Queryable, session: string, at: string): Promise<number> {
  const rows = await db.query<{ last: number }>(
    `select last from runtime.segments where session = $1 and at <= $2 order by first desc limit 1`, [session, at])
  return rows[0]?.last ?? 0
}
