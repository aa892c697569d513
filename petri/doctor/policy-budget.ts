import type { Flaw } from './rule.js'
import type { PolicyRule } from './setting-rule.js'

export const policyBudget: PolicyRule = {
  code: 'policy-budget',
  level: 'error',
  explanation: 'Two budgets of policy.yaml have one name, so nobody could say which one stopped the work.',
  *check({ budgets = [] }): Iterable<Flaw> {
    for (const [at, { name }] of budgets.entries()) {
      if (budgets.findIndex((other) => other.name === name) < at) yield {
        path: ['budgets', at, 'name'],
        message: `There is another budget called ${name}.`,
        remedy: 'Give each budget a name of its own.',
      }
    }
  },
}
