import type { Queryable } from '../database.js'

/** What models cost each of these firings, in micro-dollars, as long as their calls are kept: a day after their end. */
export async function spentByFirings(db: Queryable, session: string, firings: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const rows = await db.query<{ firing: number; micros: number }>(
    `select firing, sum(micros)::bigint as micros from runtime.calls where session = $1 and firing = any ($2) and micros > 0 group by firing`,
    [session, firings], 'calls-spent-by-firings')
  return new Map(rows.map(({ firing, micros }) => [firing, micros]))
}
