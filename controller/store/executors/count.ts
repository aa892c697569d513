import type { Queryable } from '../database.js'

const text = 'select state, count(*)::int as count from runtime.executors group by state'

/** How many executors are known, by state. */
export function countExecutors(db: Queryable): Promise<{ state: string, count: number }[]> {
  return db.query(text, [], 'executors_count')
}
