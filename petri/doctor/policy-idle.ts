import type { Flaw } from './rule.js'
import type { PolicyRule } from './setting-rule.js'

export const policyIdle: PolicyRule = {
  code: 'policy-idle',
  level: 'warning',
  explanation: 'A rule for agents never acts: one before it is for all sessions, or it lets merge agents whose role has no x.',
  *check({ agents = [] }): Iterable<Flaw> {
    const all = agents.findIndex(({ sessions }) => sessions === undefined || sessions.some((one) => one === '*' || one === '**'))
    for (const [at, { merge = [], role }] of agents.entries()) {
      if (all >= 0 && at > all) yield {
        path: ['agents', at],
        message: 'This rule is never reached: one before it is for all sessions.',
        remedy: 'Move it up: the first rule that matches a session holds.',
      }
      if (merge.length > 0 && role !== undefined && !role.includes('x')) yield {
        path: ['agents', at, 'merge'],
        message: `Agents of role ${role} have no tool that merges.`,
        remedy: 'Give role rwx, or remove merge.',
      }
    }
  },
}
