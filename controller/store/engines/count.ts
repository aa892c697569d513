import type { Queryable } from '../database.js'

/** Live engine processes, and sessions there are: what a fair share is made of. */
export async function countEngines(db: Queryable): Promise<{ engines: number; sessions: number }> {
  const rows = await db.query<{ engines: number; sessions: number }>(
    `select (select count(*) from runtime.engines where until > now()) as engines, (select count(*) from runtime.sessions) as sessions`,
    [], 'engines-count')
  return rows[0]!
}
