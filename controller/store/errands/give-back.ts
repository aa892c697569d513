import type { Queryable } from '../database.js'

const text = `update runtime.errands set state = 'pending', lease = null, executor = null, lease_until = null
  where executor = $1 and lease = $2 and state = 'leased'`

/** What a poll leased waits again: its answer never left. */
export async function giveBackErrands(db: Queryable, executor: string, lease: string): Promise<void> {
  await db.query(text, [executor, lease], 'errands_give_back')
}
