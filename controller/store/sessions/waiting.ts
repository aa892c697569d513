import type { Queryable } from '../database.js'

/** Sessions with something to do: a row in the inbox, a timer due before the next sweep, a generation not yet adopted. One indexed query. */
export async function waitingSessions(db: Queryable, most: number): Promise<string[]> {
  const rows = await db.query<{ session: string }>(
    `select s.session from runtime.sessions s
      where s.wake_at <= now() + interval '15 seconds' or s.adopted < s.generation
         or exists (select from runtime.inbox i where i.session = s.session)
      order by s.session limit $1`,
    [most], 'sessions-waiting')
  return rows.map((row) => row.session)
}
