import type { z } from 'zod'
import { costMicros } from '../../petri/models.js'
import type { grantRequest, GrantVerdict } from '../../protocol/ledger.js'
import type { Answer } from '../../protocol/model.js'
import { freeReservations } from '../store/budgets/free.js'
import { grantCalls, type CallOrder, type Judged, type Limit } from '../store/calls/grant.js'
import type { Dispatch } from './dispatch.js'
import { budgetsOf, rateOf } from './limits.js'

type Asked = z.infer<typeof grantRequest>['calls'][number]

/** After so long another call will have given back what it did not need. */
const SOON_MS = 1_000

/** May these model calls be made? Their most is set aside, or the answer says which limit is in the way, and until when. */
export async function grant(dispatch: Dispatch, executor: string, calls: readonly Asked[]): Promise<GrantVerdict[]> {
  const verdicts = new Map<string, GrantVerdict>()
  const once = [...new Map(calls.map((call) => [keyOf(call), call])).values()]
  const judged = await judge(dispatch, executor, once, verdicts)
  const refused = judged.filter(({ call, row }) => row.soon && verdicts.get(keyOf(call))?.verdict !== 'granted').map(({ call }) => call)
  // What is in the way may belong to a lease that is over: then it is free.
  if (refused.length > 0 && (await freeReservations(dispatch.db)) > 0) await judge(dispatch, executor, refused, verdicts)
  return calls.map((call) => verdicts.get(keyOf(call))!)
}

function keyOf({ session, firing, call }: Asked): string {
  return `${session} ${firing} ${call}`
}

async function judge(dispatch: Dispatch, executor: string, calls: readonly Asked[], verdicts: Map<string, GrantVerdict>): Promise<{ call: Asked; row: Judged }[]> {
  const [{ models, policy }, declared, places] = await Promise.all([
    dispatch.designs.settings.get(), dispatch.designs.budgets(calls.map((call) => call.session)), dispatch.places.of(dispatch.db, executor, calls),
  ])
  const at = new Date()
  const limits: Limit[] = []
  const numbers = new Map<string, number>()
  const numberOf = (limit: Limit): number => {
    const key = `${limit.scope} ${limit.period}`
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, limits.push(limit))
    return limits.length
  }
  const orders: CallOrder[] = []
  const asked: Asked[] = []
  for (const call of calls) {
    const place = places.get(`${call.session} ${call.firing}`)
    const model = Object.hasOwn(models.models, call.model) ? models.models[call.model] : undefined
    if (place === undefined) verdicts.set(keyOf(call), { verdict: 'lost' })
    else if (model === undefined) verdicts.set(keyOf(call), { verdict: 'refused', code: 'unknown-model', message: `models.yaml has no model ${call.model} any more` })
    else {
      const micros = costMicros(model.price, { ...call.most, cached: 0 })
      // A price of cached tokens above that of others would make the bound too low.
      const most = model.price.cached <= model.price.input ? micros : costMicros(model.price, { ...call.most, cached: call.most.input })
      const rate = rateOf(model, at)
      const { session, firing, attempt, lease } = call
      asked.push(call)
      orders.push({
        session, firing, attempt, lease, call: call.call, model: model.name, micros: most, price: model.price, most: call.most,
        scopes: most === 0 ? [] : budgetsOf(policy, declared.get(call.session), place, at).map(numberOf), rate: rate === undefined ? null : numberOf(rate),
      })
    }
  }
  if (orders.length === 0) return []
  const rows = await grantCalls(dispatch.db, executor, orders, limits)
  for (const [nth, row] of rows.entries()) {
    verdicts.set(keyOf(asked[nth]!), verdictOf(row, limits, at))
    if (row.told) dispatch.db.notify('inbox', asked[nth]!.session)
  }
  return rows.map((row, nth) => ({ call: asked[nth]!, row }))
}

function verdictOf(row: Judged, limits: readonly Limit[], at: Date): GrantVerdict {
  const { verdict, known, message } = row
  if (verdict === 'granted') return { verdict, reserved: row.reserved ?? 0 }
  if (verdict === 'lost') return { verdict }
  if (verdict === 'taken') return { verdict: 'refused', code: 'call-number-taken', message: 'a tool call of this firing has this number' }
  if (verdict === 'recorded') {
    if (known?.answer !== undefined) return { verdict, answer: known.answer as Answer }
    return { verdict: 'refused', code: 'call-failed', message: known?.error?.message ?? 'the call was made before and gave no answer' }
  }
  if (verdict === 'refused') return { verdict, code: 'budget-exceeded', message: message ?? '' }
  const limit = limits[row.scope! - 1]!
  const left = limit.until === undefined ? SOON_MS : Math.max(1, limit.until.getTime() - at.getTime())
  return { verdict, scope: limit.scope, message: message ?? '', until: row.soon ? Math.min(SOON_MS, left) : left }
}
