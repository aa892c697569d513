import type { Queryable } from '../database.js'

const text = 'update runtime.executors set seen_at = now(), state = $2 where executor = $1'

/** Notes that an executor was heard of. */
export async function seen(db: Queryable, name: string, state: 'ready' | 'draining'): Promise<void> {
  await db.query(text, [name, state], 'executors_seen')
}
