import { PURE_KINDS } from '../net.js'
import type { Flaw, Rule } from './rule.js'

export const costWithoutCap: Rule = {
  code: 'cost-without-cap',
  level: 'warning',
  explanation: 'A transition spends money and neither it, its net nor its session has a budget, so nothing would stop it at night.',
  *check({ net, world }): Iterable<Flaw> {
    if (net.budget || world.config.budget) return
    for (const transition of Object.values(net.transitions)) {
      if (PURE_KINDS.has(transition.kind)) continue
      const spends = transition.kind === 'llm' || transition.kind === 'agent' ? `${transition.kind} calls cost money` : transition.cost === undefined ? undefined : 'it books a cost'
      if (spends === undefined || transition.budget) continue
      yield {
        path: ['transitions', transition.name],
        message: `${transition.name} has no budget, and ${spends}.`,
        remedy: 'Add budget: {usd: 1.00, per: day} to the transition, the net or session.yaml.',
      }
    }
  },
}
