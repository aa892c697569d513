import type { Queryable } from '../database.js'

/** Forgets errands whose asker is long gone: its process ended before it read the outcome. */
export async function sweepErrands(db: Queryable): Promise<void> {
  await db.query(`delete from runtime.errands where until < now() - interval '1 minute'`, [], 'errands_sweep')
}
