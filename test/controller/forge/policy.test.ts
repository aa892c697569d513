import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { missingApprovals, policyIn } from '../../../controller/forge/policy.js'
import { matchesPath } from '../../../petri/path-glob.js'
import { OPEN_POLICY, type Policy } from '../../../petri/policy.js'

const HEAD = 'apiVersion: agenticos.dev/v1\nkind: Policy\n'
/** A policy that must be in order. */
function sound(text: string): Policy {
  const { policy, findings } = policyIn(text)
  expect(findings).toEqual([])
  return policy
}

describe('globs', () => {
  it.each([
    ['nets/**', 'nets/demo/a.yaml', true], ['nets/*', 'nets/demo/a.yaml', false], ['nets/*/a.yaml', 'nets/demo/a.yaml', true], ['*', 'ada', true],
    ['ops-*', 'ops-1', true], ['ops-*', 'dev-1', false], ['**', '', true], ['a', 'ab', false], ['**/x', 'a/b/x', true], ['*a*b*', 'xaxbx', true],
  ])('%s against %s is %s', (glob, text, expected) => expect(matchesPath(glob, text)).toBe(expected))

  it('mean what the same regular expression means', () => {
    const letter = fc.constantFrom('a', 'b', '/')
    const part = fc.oneof(letter, fc.constant('*'), fc.constant('**'))
    fc.assert(fc.property(fc.array(part, { maxLength: 6 }), fc.array(letter, { maxLength: 8 }), (parts, letters) => {
      const glob = parts.join('')
      const pattern = new RegExp(`^${glob.replaceAll(/\*+/g, (stars) => (stars.length > 1 ? '.*' : '[^/]*'))}$`)
      expect(matchesPath(glob, letters.join(''))).toBe(pattern.test(letters.join('')))
    }))
  })

  it('cost no more than their product, whatever is written', () => {
    expect(matchesPath('*a'.repeat(60), 'a'.repeat(5_000))).toBe(true)
    expect(matchesPath(`${'*a'.repeat(60)}b`, 'a'.repeat(5_000))).toBe(false)
  })
})

describe('a policy', () => {
  it('is what docs/proposals.md shows', () => {
    const text = readFileSync(new URL('../../../docs/proposals.md', import.meta.url), 'utf8')
    const policy = sound(/```yaml\n([\s\S]*?)```/.exec(text)![1]!)
    expect(missingApprovals(policy, ['nets/payments/x.yaml'], 'ada', [{ by: 'ada' }])).toEqual(['nets/payments/x.yaml needs 2 approvals by ada or ops-* other than ada'])
    expect(missingApprovals(policy, ['nets/payments/x.yaml'], 'ada', [{ by: 'ada' }, { by: 'ops-1' }, { by: 'ops-2' }])).toEqual([])
    expect(missingApprovals(policy, ['nets/demo/x.yaml'], 'ada', [{ by: 'ada' }])).toEqual([])
  })

  it('lets anyone approve anything where there is none', () => {
    expect(missingApprovals(OPEN_POLICY, ['nets/a/b.yaml'], 'ada', [])).toEqual([])
  })

  it('asks for as many different people as a rule says, and only for files of the rule', () => {
    const policy = sound(`${HEAD}approvals:\n  - paths: [nets/prod/**]\n    by: [ada, "ops-*"]\n    count: 2\n`)
    expect(missingApprovals(policy, ['nets/demo/a.yaml'], 'eve', [])).toEqual([])
    expect(missingApprovals(policy, ['nets/prod/a.yaml'], 'eve', [])).toEqual(['nets/prod/a.yaml needs 2 approvals by ada or ops-* other than eve'])
    expect(missingApprovals(policy, ['nets/prod/a.yaml'], 'eve', [{ by: 'ada' }, { by: 'ada' }])).toEqual(['nets/prod/a.yaml needs an approval by ada or ops-* other than eve'])
    expect(missingApprovals(policy, ['nets/prod/a.yaml'], 'eve', [{ by: 'ada' }, { by: 'ops-7' }])).toEqual([])
  })

  it('counts neither agents nor, unless it says so, the proposer', () => {
    const strict = sound(`${HEAD}approvals: [{}]\n`)
    expect(missingApprovals(strict, ['x'], 'ada', [{ by: 'ada' }])).toHaveLength(1)
    expect(missingApprovals(strict, ['x'], 'ada', [{ by: 'robot', agent: true }])).toHaveLength(1)
    expect(missingApprovals(strict, ['x'], 'ada', [{ by: 'bob' }])).toEqual([])
    expect(missingApprovals(sound(`${HEAD}approvals: [{self: true}]\n`), ['x'], 'ada', [{ by: 'ada' }])).toEqual([])
  })

  it.each([
    [`${HEAD}approvals:\n  - paths: nets\n`, 'bad-value', 4], [`${HEAD}aprovals: []\n`, 'unknown-key', 3], ['kind: [', 'yaml-syntax', 1], [`${HEAD}approvals: [{count: 0}]\n`, 'bad-value', 3],
    [`${HEAD}kind: Policy\n`, 'duplicate-key', 3], ['', 'bad-value', 1], [`${HEAD}budgets: [{name: a, usd: 1, per: day}, {name: a, usd: 2, per: day}]\n`, 'policy-budget', 3],
    [`${HEAD}agents: [{role: '\${params.role}'}]\n`, 'bad-value', 3], [`${HEAD}budgets: [{name: a, usd: 0.0000001, per: day}]\n`, 'bad-value', 3],
  ])('that cannot be read (%j) is %s with its line and lets nobody approve', (text, code, line) => {
    const { policy, findings } = policyIn(text)
    expect(findings).toMatchObject([{ code, level: 'error', file: 'policy.yaml', line }])
    expect(missingApprovals(policy, ['x'], 'eve', [{ by: 'ada' }, { by: 'nobody' }])).toHaveLength(1)
  })
})
