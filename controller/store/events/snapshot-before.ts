import type { Queryable } from '../database.js'

/** First event number of the newest snapshot that begins at or before an event; undefined: the log is kept from its start. */
export async function snapshotBefore(db: Queryable, session: string, seq: number): Promise<number | undefined> {
  const rows = await db.query<{ first: number }>(
    `select first from runtime.segments where session = $1 and kind = 'snapshot' and last <= $2 order by first desc limit 1`,
    [session, seq])
  return rows[0]?.first
}
