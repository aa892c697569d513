import { isObject, own } from '../json.js'
import type { Flaw, Rule } from './rule.js'

export const roleAbovePolicy: Rule = {
  code: 'role-above-policy',
  level: 'error',
  explanation: 'An agent asks for a role above the one that policy.yaml allows to agents of this session.',
  *check({ net, world }): Iterable<Flaw> {
    if (world.role === undefined) return
    for (const transition of Object.values(net.transitions)) {
      const role = transition.kind === 'agent' && isObject(transition.action ?? undefined) ? own(transition.action!, 'role') : undefined
      if (typeof role !== 'string' || within(role, world.role)) continue
      yield {
        path: ['transitions', transition.name, 'do', 'role'],
        message: `The agent asks for ${role} and policy.yaml allows ${world.role}.`,
        remedy: `Ask for ${world.role} or less, or propose a change of policy.yaml.`,
      }
    }
  },
}

/** The tiers are r, w, x, h in a row; l stands apart. */
function within(role: string, most: string): boolean {
  return [...role].every((letter) => most.includes(letter))
}
