import { describe, expect, it } from 'vitest'
import { CONTEXT_NEED, contextWarning } from '../../../cli/chat/context-need.js'
import { ROLES } from '../../../cli/chat/conversation.js'
import { offerOf } from '../../../executor/agent/offer.js'
import { promptOf } from '../../../executor/agent/prompt.js'
import { messageBound } from '../../../executor/llm/token-bound.js'
import type { AgentRequest, LeasedEffect } from '../../../protocol/effect.js'
import type { ModelAnswer } from '../../../protocol/api/models.js'
import type { ModelGrant } from '../../../protocol/model.js'

/** A token is about three bytes; a request may fill this much of the context before it is made shorter. */
const [BYTES_A_TOKEN, FULL] = [3, 0.7]

describe('what an agent of chat needs of a context', () => {
  it.each(ROLES)('is about what its first request takes with role %s, and no whole turn more', (role) => {
    const offer = offerOf(role)
    const request = { role, maxIterations: 60, writes: [], inputs: [], prompt: 'x'.repeat(8_000 + 4_000), system: 'x'.repeat(1_500) } as unknown as AgentRequest
    const first = promptOf({ session: 'system', net: 'coordinator', transition: 'coordinate' } as LeasedEffect, request, offer, { context: CONTEXT_NEED[role] } as ModelGrant)
    const tokens = (offer.bound + messageBound(first[0]) + messageBound(first[1])) / BYTES_A_TOKEN
    expect(CONTEXT_NEED[role]).toBeGreaterThan((tokens * 0.9) / FULL)
    expect(CONTEXT_NEED[role]).toBeLessThan((tokens * 1.3) / FULL)
  })

  it('is said of the model that will answer: the one asked for, by name or tier, or the default', () => {
    const model = (name: string, context: number, more: Partial<ModelAnswer> = {}) => ({ name, context, default: false, tiers: [], ...more }) as unknown as ModelAnswer
    const models = [model('small', 8_192, { tiers: ['fast'] }), model('large', 200_000, { default: true })]
    expect(contextWarning(models, undefined)).toBeUndefined()
    expect(contextWarning(models, 'large', 'rwxhl')).toBeUndefined()
    expect(contextWarning(models, 'fast')).toBe('model small has a context of 8192 tokens, and role rwl needs about 28000: raise its context: in models.yaml')
    expect(contextWarning(models, 'small', 'rl')).toContain('role rl needs about 16000')
    expect(contextWarning(models, 'gone')).toBeUndefined()
  })
})
