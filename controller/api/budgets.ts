import { microsOf } from '../../petri/money.js'
import type { Budget } from '../../petri/net.js'
import { periodOf } from '../../petri/period.js'
import { policyBudgets } from '../../petri/policy.js'
import type { BudgetAnswer } from '../../protocol/api/history.js'
import { declaredBudgets } from '../store/budgets/declared.js'
import { readBudgets } from '../store/budgets/list.js'
import type { Queryable } from '../store/database.js'
import { readSettings } from '../store/settings/read.js'
import { isoOrNull } from './page.js'

interface Declared {
  readonly scope: string
  readonly per: Budget['per']
  readonly most: number
}

/** All budgets that these sessions spend from, declared ones that nothing was spent from yet too, as they stand at a time. */
export async function budgetsOf(db: Queryable, sessions: readonly string[], at: Date): Promise<BudgetAnswer[]> {
  const [{ policy }, declared] = await Promise.all([readSettings(db), declaredBudgets(db, sessions)])
  const found = new Map<string, Declared>()
  const add = (scope: string, budget: Budget | null | undefined): void => {
    if (budget) found.set(scope, { scope, per: budget.per, most: microsOf(budget.usd) ?? 0 })
  }
  for (const session of sessions) for (const { name, micros, per } of policyBudgets(policy, session)) found.set(`policy:${name}`, { scope: `policy:${name}`, per, most: micros })
  for (const { session, budget, nets } of [...declared].sort((a, b) => (a.session < b.session ? -1 : 1))) {
    add(`session:${session}`, budget)
    for (const [net, ofNet] of Object.entries(nets)) {
      add(`net:${session}/${net}`, ofNet.budget)
      for (const [transition, ofTransition] of Object.entries(ofNet.transitions ?? {})) add(`transition:${session}/${net}/${transition}`, ofTransition)
    }
  }
  const list = [...found.values()]
  const periods = list.map(({ per }) => periodOf(per, at))
  const rows = list.length === 0 ? [] : await readBudgets(db, list.map(({ scope }) => scope), periods.map(({ key }) => key))
  return rows.map((row, nth) => ({
    scope: row.scope, per: list[nth]!.per, period: row.period, until: isoOrNull(periods[nth]!.until ?? null),
    most: list[nth]!.most, spent: row.spent, reserved: row.reserved, waiting: row.waiting,
  }))
}
