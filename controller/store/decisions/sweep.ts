import type { Queryable } from '../database.js'

/** Forgets decisions older than a day. */
export async function sweepDecisions(db: Queryable): Promise<void> {
  await db.query(`delete from runtime.decisions where at < now() - interval '24 hours'`, [], 'decisions-sweep')
}
