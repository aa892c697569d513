import type { Transition } from '../net.js'
import { askedModel } from './asked-model.js'
import type { Flaw, Rule } from './rule.js'
import type { World } from './world.js'

export const costWithoutCap: Rule = {
  code: 'cost-without-cap',
  level: 'warning',
  explanation: 'A transition spends money and neither it, its net, its session nor policy.yaml has a budget for it, so nothing would stop it at night.',
  *check({ net, world }): Iterable<Flaw> {
    if (net.budget || world.config.budget) return
    for (const transition of Object.values(net.transitions)) {
      const spends = transition.budget ? undefined : spendsOn(transition, world)
      if (spends === undefined || world.budgeted?.() === true) continue
      yield {
        path: ['transitions', transition.name],
        message: `${transition.name} has no budget, and ${spends}.`,
        remedy: 'Add budget: {usd: 1.00, per: day} to the transition, the net or session.yaml.',
      }
    }
  },
}

function spendsOn(transition: Transition, world: World): string | undefined {
  const asked = askedModel(transition)
  if (!asked) return transition.cost === undefined ? undefined : 'it books a cost'
  // Until there is a model at all nothing is spent; what data names may be any of them.
  const state = asked.form === 'data' ? 'paid' : world.model?.(asked.form === 'name' ? asked.name : undefined)
  return state === 'free' || state === 'none' ? undefined : `${transition.kind} calls cost money`
}
