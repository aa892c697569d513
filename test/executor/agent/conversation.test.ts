import { expect, test } from 'vitest'
import fc from 'fast-check'
import { Conversation } from '../../../executor/agent/conversation.js'
import { tokenBound } from '../../../executor/llm/token-bound.js'
import type { Message, ModelGrant } from '../../../protocol/model.js'

const model = (context: number): ModelGrant => ({
  name: 'm', provider: 'openai', url: '', model: 'm', context, maxOutput: 500, price: { input: 1, cached: 1, output: 1 }, capabilities: ['tools'], timeout: 1000,
})
const head: Message[] = [{ role: 'system', text: 'rules' }, { role: 'user', text: 'the goal' }]
const exchange = (at: number, size = 200): Message[] => [
  { role: 'assistant', text: `turn ${at}`, calls: [{ id: `c${at}`, name: 'LIST_PLACES', input: { at } }] },
  { role: 'tool', id: `c${at}`, name: 'LIST_PLACES', text: 'x'.repeat(size) },
]

test('the kept bound is the bound of the whole request, whatever was said', () => {
  const message = fc.oneof(
    fc.record({ role: fc.constant('user' as const), text: fc.string() }),
    fc.record({ role: fc.constant('tool' as const), id: fc.string(), name: fc.string(), text: fc.string({ unit: 'binary' }) }),
    fc.record({ role: fc.constant('assistant' as const), text: fc.string(), calls: fc.array(fc.record({ id: fc.string(), name: fc.string(), input: fc.jsonValue() as fc.Arbitrary<never> })) }),
  )
  fc.assert(fc.property(fc.array(message), (messages) => {
    const talk = new Conversation(head, tokenBound({ messages: [], tools: [], schema: undefined }))
    talk.add(...messages)
    expect(talk.bound).toBe(tokenBound({ messages: talk.messages, tools: [], schema: undefined }))
  }))
})

test('what is sent is told once', () => {
  const talk = new Conversation(head, 0)
  expect(talk.takeUnsent()).toEqual(head)
  talk.add(...exchange(1))
  expect(talk.takeUnsent()).toEqual([exchange(1)[1]])
  expect(talk.takeUnsent()).toEqual([])
})

test('a model’s own count sets the measure', () => {
  const talk = new Conversation(head, 0)
  talk.add(...Array.from({ length: 20 }, (_, at) => exchange(at)).flat())
  const before = talk.tokens
  talk.counted(Math.round(talk.bound / 2))
  expect(talk.tokens).toBeGreaterThan(before)
  expect(Math.abs(talk.tokens - talk.bound / 2)).toBeLessThan(2)
})

test('system and first prompt stay whole, the middle becomes its summary, and the last exchanges stay whole with their results', () => {
  const talk = new Conversation(head, 0)
  talk.add(...Array.from({ length: 30 }, (_, at) => exchange(at)).flat())
  const small = model(2_000)
  expect(talk.isFull(small)).toBe(true)
  const middle = talk.middle(small)
  expect(middle[0]).toEqual(exchange(0)[0])
  talk.compact('what happened', small)
  expect(talk.messages.slice(0, 3)).toEqual([...head, { role: 'user', text: 'what happened' }])
  expect(talk.messages.slice(3)).toEqual([27, 28, 29].flatMap((at) => exchange(at)))
  expect(talk.isFull(small)).toBe(false)
})

test('results that are too long for what stays are cut, the longest first', () => {
  const talk = new Conversation(head, 0)
  talk.add(...exchange(1, 100), ...exchange(2, 9_000))
  const small = model(2_000)
  talk.compact('sum', small)
  talk.cut(small, (message) => ({ ...message, text: 'cut' }))
  expect(talk.messages.at(-1)).toMatchObject({ role: 'tool', text: 'cut' })
  expect(talk.isFull(small)).toBe(false)
})
