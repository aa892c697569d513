import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { agentMayMerge, agentReaches, cutRole, OPEN_POLICY, policyBudgets, policyFile, roleCeiling, type Policy } from '../../petri/policy.js'
import { readPolicy } from '../../petri/policy-read.js'
import { narrower, ROLES } from '../../tools/role.js'

function sound(text: string): Policy {
  const { policy, findings } = readPolicy('policy.yaml', `apiVersion: agenticos.dev/v1\nkind: Policy\n${text}`)
  expect(findings).toEqual([])
  return policy!
}

const policy = sound(`approvals: [{by: [ada]}]
agents:
  - {sessions: [lab, 'test-*'], role: rwxl, merge: [lab, shop/orders, 'test-*/draft-*']}
  - {sessions: [system], reach: [lab, 'test-*']}
  - {sessions: ['**'], role: rw}
budgets:
  - {name: nightly, sessions: [lab, 'test-*'], usd: 1.5, per: day}
  - {name: all, usd: '100.000001', per: month}
`)

describe('policy.yaml', () => {
  it('gives rules with every default written out', () => {
    expect(policy.approvals).toEqual([{ by: ['ada'], count: 1, self: false }])
    expect(policy.agents[1]).toEqual({ sessions: ['system'], role: 'rwxhl', merge: [], reach: ['lab', 'test-*'] })
    expect(policy.budgets).toEqual([{ name: 'nightly', sessions: ['lab', 'test-*'], micros: 1_500_000, per: 'day' }, { name: 'all', sessions: ['*'], micros: 100_000_001, per: 'month' }])
  })

  it('bounds the role of agents by the first rule that matches; without one it is what their net asks for', () => {
    expect(['lab', 'test-1', 'system', 'demo'].map((session) => roleCeiling(policy, session))).toEqual(['rwxl', 'rwxl', 'rwxhl', 'rw'])
    expect(roleCeiling(OPEN_POLICY, 'demo')).toBe('rwxhl')
  })

  it('shares budgets among the sessions that they name', () => {
    expect(['lab', 'test-1', 'demo'].map((session) => policyBudgets(policy, session).map(({ name }) => name))).toEqual([['nightly', 'all'], ['nightly', 'all'], ['all']])
    expect(policyBudgets(OPEN_POLICY, 'demo')).toEqual([])
  })

  it('lets agents merge what a rule of their session names, and nothing without one', () => {
    expect(agentMayMerge(policy, 'lab', 'lab/anything')).toBe('agents[0].merge lab')
    expect(agentMayMerge(policy, 'lab', 'anything')).toBe('agents[0].merge lab')
    expect(agentMayMerge(policy, 'lab', 'shop/orders')).toBe('agents[0].merge shop/orders')
    expect(agentMayMerge(policy, 'test-2', 'test-1/draft-x')).toBe('agents[0].merge test-*/draft-*')
    for (const [session, net] of [['lab', 'shop/other'], ['lab', 'test-1/x'], ['system', 'lab/a'], ['demo', 'demo/a']] as const) expect(agentMayMerge(policy, session, net)).toBeUndefined()
    expect(agentMayMerge(OPEN_POLICY, 'lab', 'lab/a')).toBeUndefined()
  })

  it('says which other sessions agents may see; those of system see all where nothing is said', () => {
    expect([['lab', 'lab'], ['lab', 'demo'], ['system', 'lab'], ['system', 'test-9'], ['system', 'demo']].map(([from, to]) => agentReaches(policy, from!, to!))).toEqual([true, false, true, true, false])
    expect([agentReaches(OPEN_POLICY, 'system', 'demo'), agentReaches(OPEN_POLICY, 'demo', 'system')]).toEqual([true, false])
    expect(agentReaches(sound('agents: [{sessions: [system], reach: []}]\n'), 'system', 'demo')).toBe(false)
  })
})

describe('docs/proposals.md', () => {
  it('names every key of policy.yaml', () => {
    const page = readFileSync(new URL('../../docs/proposals.md', import.meta.url), 'utf8')
    const keys = (['approvals', 'agents', 'budgets'] as const).flatMap((part) => [part, ...Object.keys(policyFile.shape[part].unwrap().element.shape)])
    expect(keys.filter((key) => !page.includes(`\`${key}\``))).toEqual([])
  })
})

describe('a role cut to another', () => {
  it('is what both allow, for every pair of roles', () => {
    for (const asked of ROLES) for (const most of ROLES) expect(cutRole(asked, most), `${asked} cut to ${most}`).toBe(narrower(asked, most))
  })
})
