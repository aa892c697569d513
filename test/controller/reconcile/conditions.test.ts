import fc from 'fast-check'
import { expect, it } from 'vitest'
import { conditions, type State } from '../../../controller/reconcile/conditions.js'

const names = fc.array(fc.constantFrom('alpha', 'beta', 'gamma: broken'), { maxLength: 8 })
const text = fc.constantFrom('what', 'x'.repeat(30_000))
const commit = fc.constantFrom('a'.repeat(40), 'b'.repeat(40))
const states: fc.Arbitrary<State> = fc.oneof(
  fc.record({ phase: fc.constant('progressing' as const), message: text }),
  fc.record({ phase: fc.constant('applied' as const), commit, waiting: names, ill: names, drifted: names }),
  fc.record({ phase: fc.constant('refused' as const), commit, message: text, applied: fc.oneof(commit, fc.constant('')) }),
  fc.record({ phase: fc.constant('failed' as const), reason: fc.constantFrom('ArtifactFailed' as const, 'BuildFailed' as const, 'ReconciliationFailed' as const), message: text, stalled: fc.boolean() }),
)

it('keeps the rules that GitOps tools test for, whatever happens after what', () => {
  fc.assert(fc.property(fc.array(states, { minLength: 1, maxLength: 6 }), (history) => {
    let before: ReturnType<typeof conditions> = []
    history.forEach((state, at) => {
      const now = conditions(state, at, before, new Date(at * 1_000).toISOString())
      const status = new Map(now.map((one) => [one.type, one.status]))
      expect(new Set(now.map((one) => one.type)).size).toBe(now.length)
      expect(status.has('Ready')).toBe(true)
      expect(status.get('Reconciling') === 'True' && status.get('Stalled') === 'True').toBe(false)
      if (status.get('Stalled') === 'True') expect(status.get('Ready')).toBe('False')
      if (status.get('Ready') === 'Unknown') expect(status.get('Reconciling')).toBe('True')
      if (status.get('Ready') === 'True') expect(status.has('Reconciling') || status.has('Stalled')).toBe(false)
      for (const one of now) {
        expect(one.observedGeneration).toBe(at)
        expect(one.reason).toMatch(/^[A-Z][A-Za-z]+$/)
        expect(one.message.length).toBeLessThanOrEqual(20_000)
        const old = before.find(({ type }) => type === one.type)
        expect(one.lastTransitionTime === old?.lastTransitionTime).toBe(old?.status === one.status)
      }
      before = now
    })
  }))
})
