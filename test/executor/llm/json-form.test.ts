import { afterAll, describe, expect, test } from 'vitest'
import { askModel } from '../../../executor/llm/ask-model.js'
import { firstObject } from '../../../executor/llm/first-object.js'
import type { Ask, OfferedTool } from '../../../executor/llm/provider.js'
import type { Capability } from '../../../petri/models.js'
import type { Message } from '../../../protocol/model.js'
import { testBench } from '../../support/bench.js'
import { scriptedGrant } from '../../support/scripted-model/grant.js'
import { startScriptedModel } from '../../support/scripted-model/server.js'

const model = await startScriptedModel()
afterAll(() => model.close())
const { bench } = await testBench({ AGENTICOS_EXECUTOR_MODEL_HOSTS: 'http://127.0.0.0/8' })
const TOOLS: OfferedTool[] = [{ name: 'CREATE_PLACE', description: 'Creates a place.', parameters: { type: 'object', properties: { name: { type: 'string' } } } }]
const SCHEMA = { type: 'object', properties: { city: { type: 'string' } } }
const user = (text: string): Message => ({ role: 'user', text })
let calls = 0

const ask = (wire: 'openai' | 'ollama', capabilities: Capability[], more: Partial<Ask> = {}) => askModel(bench, scriptedGrant(model, wire, { capabilities }), {
  messages: [user('hello')], tools: [], maxTokens: 500, idempotencyKey: `form-${calls++}`, signal: new AbortController().signal, ...more,
})
const last = () => model.calls.at(-1)!.request

describe.each(['openai', 'ollama'] as const)('a model without tools on the %s wire', (wire) => {
  test('is told of the tools in words, and its JSON is read as a call', async () => {
    model.script([{ text: '{"tool": "CREATE_PLACE", "input": {"name": "in"}}' }])
    const answer = await ask(wire, [], { tools: TOOLS, messages: [{ role: 'system', text: 'You design.' }, user('make one')] })
    expect(answer).toMatchObject({ text: '', stop: 'tools', calls: [{ id: 'call_2_0', name: 'CREATE_PLACE', input: { name: 'in' } }] })
    expect(last().tools).toEqual([])
    expect(last().messages[0]).toMatchObject({ role: 'system', text: expect.stringMatching(/^You design\.[^]*CREATE_PLACE: Creates a place\.\n\{"type":"object"/) })
  })

  test.each([
    ['in a fence', 'Sure:\n```json\n{"tool":"CREATE_PLACE","input":{"name":"a}"}}\n```\nThere.', { name: 'a}' }],
    ['as other forms name it', '{"name":"CREATE_PLACE","arguments":{"name":"b"}}', { name: 'b' }], ['without input', '{"tool":"CREATE_PLACE"}', {}],
    ['with half of its JSON', '{"tool": "CREATE_PLACE", "input": {"name": ', '{"tool": "CREATE_PLACE", "input": {"name": '],
  ])('may call %s', async (_, text, input) => {
    model.script([{ text }])
    expect((await ask(wire, [], { tools: TOOLS })).calls).toEqual([{ id: 'call_1_0', name: 'CREATE_PLACE', input }])
  })

  test.each([['{"text": "done, {really}"}', 'done, {really}'], ['Just words.', 'Just words.'], ['{"else": 1}', '{"else": 1}']])('says %s as text', async (text, said) => {
    model.script([{ text }])
    const pieces: string[] = []
    expect(await ask(wire, [], { tools: TOOLS, onText: (piece) => pieces.push(piece) })).toMatchObject({ text: said, calls: [], stop: 'end' })
    expect(pieces).toEqual([said])
  })

  test('sees its calls and their results as plain turns', async () => {
    model.script([{ text: '{"text":"ok"}' }])
    await ask(wire, [], { tools: TOOLS, messages: [
      user('go'), { role: 'assistant', text: 'hm', calls: [{ id: '1', name: 'A', input: { a: 1 } }, { id: '2', name: 'B', input: {} }] },
      { role: 'tool', id: '1', name: 'A', text: 'one' }, { role: 'tool', id: '2', name: 'B', text: 'two' }, { role: 'assistant', text: 'well', calls: [] }, user('on'),
    ] })
    expect(last().messages.slice(1)).toEqual([
      user('go'), { role: 'assistant', text: '{"tool":"A","input":{"a":1}}\n{"tool":"B","input":{}}', calls: [] }, user('Result of A:\none\n\nResult of B:\ntwo'),
      { role: 'assistant', text: '{"text":"well"}', calls: [] }, user('on'),
    ])
  })

  test('sees plain turns also where no tools are offered any more', async () => {
    model.script([{ text: 'a summary' }])
    const answer = await ask(wire, [], { messages: [
      user('go'), { role: 'assistant', text: '', calls: [{ id: '1', name: 'A', input: {} }] }, { role: 'tool', id: '1', name: 'A', text: 'one' }, { role: 'assistant', text: 'well', calls: [] }, user('sum up'),
    ] })
    expect(answer.text).toBe('a summary')
    expect(last().messages).toEqual([
      user('go'), { role: 'assistant', text: '{"tool":"A","input":{}}', calls: [] }, user('Result of A:\none'), { role: 'assistant', text: 'well', calls: [] }, user('sum up'),
    ])
  })

  test('that keeps to a schema is held to the form by one', async () => {
    model.script([{ text: '{"text":"ok"}' }])
    await ask(wire, ['schema'], { tools: TOOLS })
    expect(last().schema).toMatchObject({ properties: { tool: { enum: ['CREATE_PLACE'] } } })
  })

  test('a schema goes in words to a model that keeps to none', async () => {
    model.script([{ text: '{"city":"Rome"}' }])
    expect((await ask(wire, ['tools'], { schema: SCHEMA })).text).toBe('{"city":"Rome"}')
    expect(last().schema).toBeUndefined()
    expect(last().messages[0]).toMatchObject({ role: 'system', text: expect.stringContaining(JSON.stringify(SCHEMA)) })
  })

  test('a model with both is asked as it is', async () => {
    model.script([{ text: '{}' }])
    await ask(wire, ['tools', 'schema'], { tools: TOOLS, schema: SCHEMA })
    expect(last()).toMatchObject({ messages: [user('hello')], tools: TOOLS, schema: SCHEMA })
  })
})

test.each([['{{"a": 1}', { a: 1 }], ['no { object', undefined], ['{"a": "}"} {"b": 1}', { a: '}' }], ['[1, {"b": "\\""}]', { b: '"' }], ['', undefined], ['{"a": 1, "a": 2}', undefined]])('the first object of %j is %j', (text, object) => {
  expect(firstObject(text)).toEqual(object)
})
