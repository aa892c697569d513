import type { Queryable } from '../database.js'

/** Effects that wait for money or a rate are due at once. Gives their pools. */
export async function wakeWaiting(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ pool: string }>(
    `with woken as (
       update runtime.effects set due_at = now() where waiting_scope <> '' and state = 'pending' and due_at > now() returning pool)
     select distinct pool from woken`, [], 'effects_wake_waiting')
  return rows.map((row) => row.pool)
}
