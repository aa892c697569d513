import type { BudgetFile } from '../../inscription.js'
import type { Budget } from '../../net.js'

/** A budget, or nothing where there is none. */
export function budgetOf(file: BudgetFile | undefined): { readonly budget?: Budget } {
  if (file === undefined) return {}
  const per = file.per === 'firing' || file.per === 'hour' || file.per === 'month' ? file.per : 'day'
  return { budget: { usd: Number(file.usd), per } }
}
