import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { askModel } from '../../../executor/llm/ask-model.js'
import type { OfferedTool } from '../../../executor/llm/provider.js'
import { tokenBound } from '../../../executor/llm/token-bound.js'
import { CAPABILITIES } from '../../../petri/models.js'
import type { AskedCall, Message } from '../../../protocol/model.js'
import { testBench } from '../../support/bench.js'
import { scriptedGrant } from '../../support/scripted-model/grant.js'
import { startScriptedModel } from '../../support/scripted-model/server.js'

const model = await startScriptedModel({ counting: 'bytes' })
afterAll(() => model.close())
const { bench } = await testBench({ AGENTICOS_EXECUTOR_MODEL_HOSTS: 'http://127.0.0.0/8' })

const text = fc.string({ unit: 'grapheme', maxLength: 40 })
const input = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<AskedCall['input']>
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ role: fc.constantFrom('system' as const, 'user' as const), text }),
  fc.record({ role: fc.constant('assistant' as const), text, calls: fc.array(fc.record({ id: text, name: text, input }), { maxLength: 3 }) }),
  fc.record({ role: fc.constant('tool' as const), id: text, name: text, text }),
)
const tool: fc.Arbitrary<OfferedTool> = fc.record({ name: fc.stringMatching(/^[A-Z_]{1,20}$/), description: text, parameters: fc.constant({ type: 'object', properties: { a: { description: 'ä' } } }) })
const asked = fc.record({
  wire: fc.constantFrom('openai' as const, 'ollama' as const), capabilities: fc.subarray([...CAPABILITIES]), messages: fc.array(message, { minLength: 1, maxLength: 6 }),
  tools: fc.array(tool, { maxLength: 4 }), schema: fc.option(fc.constant({ type: 'object', properties: { city: { type: 'string' } } }), { nil: undefined }),
})

test('no call takes more than its bound, were every byte a token', async () => {
  let number = 0
  await fc.assert(fc.asyncProperty(asked, async ({ wire, capabilities, ...request }) => {
    model.script([{ text: 'ok' }])
    const answer = await askModel(bench, scriptedGrant(model, wire, { capabilities }), { ...request, maxTokens: 10, idempotencyKey: `bound-${number++}`, signal: new AbortController().signal })
    expect(answer.usage.input).toBeLessThanOrEqual(tokenBound(request))
  }), { numRuns: 150 })
})

test('an empty request has a bound too', () => {
  expect(tokenBound({ messages: [], tools: [], schema: undefined })).toBeGreaterThan(0)
})
