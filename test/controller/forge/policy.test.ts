import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matches, missingApprovals, OPEN_POLICY, readPolicy } from '../../../controller/forge/policy.js'

const HEAD = 'apiVersion: agenticos.dev/v1\nkind: Policy\n'

describe('globs', () => {
  it.each([
    ['nets/**', 'nets/demo/a.yaml', true], ['nets/*', 'nets/demo/a.yaml', false], ['nets/*/a.yaml', 'nets/demo/a.yaml', true], ['*', 'ada', true],
    ['ops-*', 'ops-1', true], ['ops-*', 'dev-1', false], ['**', '', true], ['a', 'ab', false], ['**/x', 'a/b/x', true], ['*a*b*', 'xaxbx', true],
  ])('%s against %s is %s', (glob, text, expected) => expect(matches(glob, text)).toBe(expected))

  it('mean what the same regular expression means', () => {
    const letter = fc.constantFrom('a', 'b', '/')
    const part = fc.oneof(letter, fc.constant('*'), fc.constant('**'))
    fc.assert(fc.property(fc.array(part, { maxLength: 6 }), fc.array(letter, { maxLength: 8 }), (parts, letters) => {
      const glob = parts.join('')
      const pattern = new RegExp(`^${glob.replaceAll(/\*+/g, (stars) => (stars.length > 1 ? '.*' : '[^/]*'))}$`)
      expect(matches(glob, letters.join(''))).toBe(pattern.test(letters.join('')))
    }))
  })

  it('cost no more than their product, whatever is written', () => {
    expect(matches('*a'.repeat(60), 'a'.repeat(5_000))).toBe(true)
    expect(matches(`${'*a'.repeat(60)}b`, 'a'.repeat(5_000))).toBe(false)
  })
})

describe('a policy', () => {
  it('is what docs/proposals.md shows', () => {
    const text = readFileSync(new URL('../../../docs/proposals.md', import.meta.url), 'utf8')
    const policy = readPolicy(/```yaml\n([\s\S]*?)```/.exec(text)![1]!)
    expect(policy.findings).toEqual([])
    expect(missingApprovals(policy, ['nets/payments/x.yaml'], 'ada', [{ by: 'ada' }])).toEqual(['nets/payments/x.yaml needs 2 approvals by ada or ops-* other than ada'])
    expect(missingApprovals(policy, ['nets/payments/x.yaml'], 'ada', [{ by: 'ada' }, { by: 'ops-1' }, { by: 'ops-2' }])).toEqual([])
    expect(missingApprovals(policy, ['nets/demo/x.yaml'], 'ada', [{ by: 'ada' }])).toEqual([])
  })

  it('lets anyone approve anything where there is none', () => {
    expect(missingApprovals(OPEN_POLICY, ['nets/a/b.yaml'], 'ada', [])).toEqual([])
  })

  it('asks for as many different people as a rule says, and only for files of the rule', () => {
    const policy = readPolicy(`${HEAD}approvals:\n  - paths: [nets/prod/**]\n    by: [ada, "ops-*"]\n    count: 2\n`)
    expect(policy.findings).toEqual([])
    expect(missingApprovals(policy, ['nets/demo/a.yaml'], 'eve', [])).toEqual([])
    expect(missingApprovals(policy, ['nets/prod/a.yaml'], 'eve', [])).toEqual(['nets/prod/a.yaml needs 2 approvals by ada or ops-* other than eve'])
    expect(missingApprovals(policy, ['nets/prod/a.yaml'], 'eve', [{ by: 'ada' }, { by: 'ada' }])).toEqual(['nets/prod/a.yaml needs an approval by ada or ops-* other than eve'])
    expect(missingApprovals(policy, ['nets/prod/a.yaml'], 'eve', [{ by: 'ada' }, { by: 'ops-7' }])).toEqual([])
  })

  it('counts neither agents nor, unless it says so, the proposer', () => {
    const strict = readPolicy(`${HEAD}approvals: [{}]\n`)
    expect(missingApprovals(strict, ['x'], 'ada', [{ by: 'ada' }])).toHaveLength(1)
    expect(missingApprovals(strict, ['x'], 'ada', [{ by: 'robot', agent: true }])).toHaveLength(1)
    expect(missingApprovals(strict, ['x'], 'ada', [{ by: 'bob' }])).toEqual([])
    expect(missingApprovals(readPolicy(`${HEAD}approvals: [{self: true}]\n`), ['x'], 'ada', [{ by: 'ada' }])).toEqual([])
  })

  it.each([
    [`${HEAD}approvals:\n  - paths: nets\n`, 4], [`${HEAD}aprovals: []\n`, 1], ['kind: [', 1], [`${HEAD}approvals: [{count: 0}]\n`, 3],
    [`${HEAD}kind: Policy\n`, 3], ['', 1], [`a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\n`, 1],
  ])('that cannot be read (%j) is an error with its line and lets nobody approve', (text, line) => {
    const policy = readPolicy(text)
    expect(policy.findings).toMatchObject([{ code: 'bad-policy', level: 'error', file: 'policy.yaml', line }])
    expect(missingApprovals(policy, ['x'], 'eve', [{ by: 'ada' }, { by: 'nobody' }])).toHaveLength(1)
  })
})
