import type { Queryable } from '../database.js'

const text = `update runtime.executors set state = 'gone'
  where state <> 'gone' and seen_at < now() - $1::float8 * interval '1 millisecond' returning executor`

/** Executors not heard of for so long are gone. Gives their names. */
export async function markGone(db: Queryable, quietMs: number): Promise<string[]> {
  return (await db.query<{ executor: string }>(text, [quietMs], 'executors_mark_gone')).map((row) => row.executor)
}
