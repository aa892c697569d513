import type { Queryable } from '../database.js'

/** Whether the database answers at all. */
export async function ping(db: Queryable): Promise<void> {
  await db.query('select 1')
}
