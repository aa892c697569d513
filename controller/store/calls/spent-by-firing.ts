import type { Queryable } from '../database.js'

/** What a firing's calls cost so far, in micro-dollars. */
export async function spentByFiring(db: Queryable, session: string, firing: number): Promise<number> {
  const rows = await db.query<{ micros: number }>(
    `select coalesce(sum(micros), 0)::bigint as micros from runtime.calls where session = $1 and firing = $2`,
    [session, firing], 'calls-spent-by-firing')
  return rows[0]!.micros
}
