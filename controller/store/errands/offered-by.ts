import type { Queryable } from '../database.js'

const text = `select executor from runtime.executors
  where $1 = any(kinds) and state = 'ready' and seen_at > now() - interval '1 minute' order by executor`

/** Executors that are there and do this kind of work, by name. */
export async function offeredBy(db: Queryable, kind: string): Promise<string[]> {
  return (await db.query<{ executor: string }>(text, [kind], 'errands_offered_by')).map((row) => row.executor)
}
