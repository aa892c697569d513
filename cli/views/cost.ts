import { usdText } from '../../petri/money.js'
import type { BudgetAnswer, CostBy, CostRow } from '../../protocol/api/history.js'
import type { View } from '../output.js'
import { duration } from '../age.js'
import type { Column } from '../table.js'
import { exactly } from './work.js'

/** What a row of `cost` is called: the day, or where the money was spent. */
export function nameOfCost(row: CostRow): string {
  if (row.day !== undefined) return row.day
  if (row.model !== undefined && row.session === undefined) return row.model === '' ? '(no model)' : row.model
  const address = [row.session, row.net, row.transition].filter((part) => part !== undefined).join('/')
  return row.firing === undefined ? address : `${address} ${row.firing}${row.call === undefined ? '' : `.${row.call}`}`
}

const HEADS: Readonly<Record<CostBy, string>> = { session: 'SESSION', net: 'NET', transition: 'TRANSITION', model: 'MODEL', day: 'DAY (UTC)', firing: 'FIRING', call: 'CALL' }

/** Money by one thing. */
export function costs(by: CostBy): View<CostRow> {
  const right = true
  const firings: Column<CostRow>[] = by === 'transition'
    ? [{ head: 'FIRINGS', cell: (row) => row.firings, right }, { head: 'FAILED', cell: (row) => row.failed, right }] : []
  return {
    none: by === 'transition' ? 'nothing has fired yet' : 'nothing was spent yet',
    name: nameOfCost,
    columns: [
      { head: HEADS[by], cell: nameOfCost },
      ...firings,
      ...(by === 'call' ? [{ head: 'MODEL', cell: (row: CostRow) => row.model }] : [{ head: 'CALLS', cell: (row: CostRow) => row.calls, right, wide: by === 'transition' }]),
      { head: 'INPUT', cell: (row) => row.tokens.input, right, wide: by === 'transition' },
      { head: 'CACHED', cell: (row) => row.tokens.cached, right, wide: true },
      { head: 'OUTPUT', cell: (row) => row.tokens.output, right, wide: by === 'transition' },
      { head: 'USD', cell: (row) => (row.micros === 0 ? '-' : exactly(row.micros)), right },
    ],
  }
}

export const budgets = (now: number): View<BudgetAnswer> => ({
  none: 'no budgets: write budget: {usd: 1.00, per: day} into session.yaml, a net or a transition, or budgets into policy.yaml',
  name: (row) => row.scope,
  columns: [
    { head: 'BUDGET', cell: (row) => row.scope },
    { head: 'PER', cell: (row) => row.per },
    { head: 'PERIOD', cell: (row) => row.period, wide: true },
    { head: 'LIMIT', cell: (row) => usdText(row.most), right: true },
    { head: 'SPENT', cell: (row) => (row.per === 'firing' ? '' : usdText(row.spent)), right: true, colour: (row) => (row.spent >= row.most ? 'red' : undefined) },
    { head: 'RESERVED', cell: (row) => (row.per === 'firing' ? '' : usdText(row.reserved)), right: true },
    { head: 'USED', cell: (row) => (row.per === 'firing' ? '' : `${row.most === 0 ? 100 : Math.floor((row.spent / row.most) * 100)}%`), right: true },
    { head: 'WAITING', cell: (row) => row.waiting, right: true, colour: (row) => (row.waiting > 0 ? 'yellow' : undefined) },
    { head: 'ENDS', cell: (row) => (row.until === null ? '' : `in ${duration(Date.parse(row.until) - now)}`) },
  ],
})
