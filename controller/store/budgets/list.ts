import type { Queryable } from '../database.js'

export interface BudgetRow {
  readonly scope: string
  readonly period: string
  readonly most: number
  readonly spent: number
  readonly reserved: number
  readonly until: Date | null
  readonly waiting: number
}

/** What is kept of these scopes in these periods (side by side), with how many effects wait for each. */
export function readBudgets(db: Queryable, scopes: readonly string[], periods: readonly string[]): Promise<BudgetRow[]> {
  return db.query<BudgetRow>(
    `select g.scope, g.period, coalesce(b.most, 0) as most, coalesce(b.spent, runtime.spent_before(g.scope, g.period)) as spent,
            coalesce(b.reserved, 0) as reserved, b.until,
            (select count(*) from runtime.effects e where e.waiting_scope = g.scope and e.waiting_scope <> '' and e.state in ('pending', 'held')) as waiting
       from unnest($1::text[], $2::text[]) with ordinality as g (scope, period, nth)
       left join runtime.budgets b on b.scope = g.scope and b.period = g.period order by g.nth`,
    [scopes, periods], 'budgets-read')
}
