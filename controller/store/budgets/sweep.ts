import type { Queryable } from '../database.js'

/** Forgets periods that ended: windows of rates at once, money two days later, so that late records still find their row. */
export async function sweepBudgets(db: Queryable): Promise<void> {
  await db.query(
    `delete from runtime.budgets where until < now() and (scope like 'rate:%' or until < now() - interval '2 days')`, [], 'budgets-sweep')
}
