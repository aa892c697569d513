import { formatDuration } from '../../petri/duration.js'
import type { Model } from '../../petri/models.js'
import { microsOf, usdText } from '../../petri/money.js'
import type { Budget } from '../../petri/net.js'
import { periodOf, windowOf } from '../../petri/period.js'
import { policyBudgets, type Policy } from '../../petri/policy.js'
import type { DeclaredBudgets } from '../store/budgets/declared.js'
import type { Limit } from '../store/calls/grant.js'
import type { EffectPlace } from '../store/effects/places.js'

/** All budgets that a call of a firing spends from, at a time. Budgets `per: firing` are one scope: the least of them. */
export function budgetsOf(policy: Policy, declared: DeclaredBudgets | undefined, place: EffectPlace, at: Date): Limit[] {
  const { session, firing, net, transition } = place
  const ofNet = declared?.nets[net]
  const written: [string, string, Budget | null | undefined][] = [
    [`session:${session}`, `session ${session}`, declared?.budget],
    [`net:${session}/${net}`, `net ${session}/${net}`, ofNet?.budget],
    [`transition:${session}/${net}/${transition}`, `transition ${session}/${net}/${transition}`, ofNet?.transitions?.[transition]],
  ]
  const limits: Limit[] = policyBudgets(policy, session).map(({ name, micros, per }) => limitOf(`policy:${name}`, `budget ${name} of policy.yaml`, micros, per, at))
  for (const [scope, title, budget] of written) {
    if (!budget) continue
    const micros = microsOf(budget.usd) ?? 0
    if (budget.per !== 'firing') limits.push(limitOf(scope, `budget of ${title}`, micros, budget.per, at))
    else {
      const known = limits.findIndex((limit) => limit.period === 'firing')
      if (known >= 0 && limits[known]!.most <= micros) continue
      if (known >= 0) limits.splice(known, 1)
      limits.push(limitOf(`firing:${session}/${firing}`, `budget of each firing of ${title}`, micros, 'firing', at))
    }
  }
  return limits
}

/** How many calls of a model are left in this window of its rate. */
export function rateOf(model: Model, at: Date): Limit | undefined {
  if (model.rate === undefined) return undefined
  const { limit, window } = model.rate
  const { key, until } = windowOf(window, at)
  return { scope: `rate:${model.name}`, period: key, most: limit, until, words: `rate of model ${model.name}: its ${limit} calls per ${formatDuration(window)} are used up` }
}

function limitOf(scope: string, title: string, micros: number, per: Budget['per'], at: Date): Limit {
  const { key, until } = periodOf(per, at)
  return { scope, period: key, most: micros, until, words: `${title}: ${usdText(micros)} USD${per === 'firing' ? '' : ` per ${per}`}` }
}
