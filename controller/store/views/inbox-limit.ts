import type { Queryable } from '../database.js'

/** How many inbox rows a session lets wait, as its session.yaml says; undefined when it has no generation yet. */
export async function inboxLimit(db: Queryable, session: string): Promise<number | undefined> {
  const rows = await db.query<{ most: number | null }>(
    `select (g.config -> 'limits' ->> 'inbox')::bigint as most
     from runtime.sessions s join design.generations g on g.session = s.session and g.generation = s.generation
     where s.session = $1`,
    [session])
  return rows[0]?.most ?? undefined
}
