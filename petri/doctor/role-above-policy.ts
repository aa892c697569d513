import { own } from '../json.js'
import { cutRole } from '../policy.js'
import type { Flaw, Rule } from './rule.js'

export const roleAbovePolicy: Rule = {
  code: 'role-above-policy',
  level: 'error',
  explanation: 'An agent asks for a role above the one that policy.yaml allows to agents of this session.',
  *check({ net, world }): Iterable<Flaw> {
    for (const transition of Object.values(net.transitions)) {
      const role = transition.kind === 'agent' && transition.action !== null ? own(transition.action, 'role') : undefined
      const most = typeof role === 'string' ? world.role?.() : undefined
      if (typeof role !== 'string' || most === undefined || cutRole(role, most) === role) continue
      yield {
        path: ['transitions', transition.name, 'do', 'role'],
        message: `The agent asks for ${role} and policy.yaml allows ${most}.`,
        remedy: `Ask for ${cutRole(role, most)} or less, or propose a change of policy.yaml.`,
      }
    }
  },
}
