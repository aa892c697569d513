import type { Queryable } from '../database.js'

/** Nobody waits for it any more: its executor hears of that at its next poll. */
export async function dropErrand(db: Queryable, id: string): Promise<void> {
  await db.query('delete from runtime.errands where id = $1', [id], 'errands_drop')
}
