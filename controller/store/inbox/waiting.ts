import type { Queryable } from '../database.js'

/** How many rows wait in a session's inbox, counted no further than `most`. */
export async function inboxWaiting(db: Queryable, session: string, most: number): Promise<number> {
  const rows = await db.query<{ waiting: number }>(
    `select count(*) as waiting from (select from runtime.inbox where session = $1 limit $2) w`,
    [session, most], 'inbox-waiting')
  return rows[0]!.waiting
}
