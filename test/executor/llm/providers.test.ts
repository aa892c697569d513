import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { askModel } from '../../../executor/llm/ask-model.js'
import type { Ask, ModelFault, OfferedTool } from '../../../executor/llm/provider.js'
import type { Message, ModelGrant } from '../../../protocol/model.js'
import { testBench } from '../../support/bench.js'
import { scriptedGrant } from '../../support/scripted-model/grant.js'
import { startScriptedModel } from '../../support/scripted-model/server.js'

const KEY = 'sk-marked-0123456789'
const model = await startScriptedModel()
afterAll(() => model.close())
const settings = { AGENTICOS_EXECUTOR_MODEL_HOSTS: 'http://127.0.0.0/8', AGENTICOS_CREDENTIALS: 'KEY@127.0.0.1 OTHER@api.example.com', KEY, OTHER: KEY }
const { bench } = await testBench(settings)

const TOOLS: OfferedTool[] = ['CREATE_PLACE', 'THINK'].map((name) => ({ name, description: `does ${name}`, parameters: { type: 'object', properties: { name: { type: 'string' } }, additionalProperties: false } }))
const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const user = (text: string): Message => ({ role: 'user', text })
let calls = 0

describe.each(['openai', 'ollama'] as const)('the %s wire', (wire) => {
  const grant = (more: Partial<ModelGrant> = {}): ModelGrant => scriptedGrant(model, wire, more)
  const ask = (more: Partial<Ask> = {}) => {
    const { model: asked = grant(), ...rest } = more
    return askModel(bench, asked, { messages: [user('hello')], tools: [], maxTokens: 500, idempotencyKey: `key-${calls++}`, signal: new AbortController().signal, ...rest })
  }
  const faultOf = async (more: Partial<Ask> = {}): Promise<ModelFault> => ask(more).then((answer) => expect.fail(`it answers ${JSON.stringify(answer)}`), (error: ModelFault) => error)
  const last = () => model.calls.at(-1)!.request
  // Each its own breaker: it remembers by the model.
  let number = 0
  const fresh = (more: Partial<ModelGrant> = {}): ModelGrant => grant({ model: `scripted-${number++}`, ...more })
  beforeEach(() => model.script([]))

  test('text streams as it comes, whole in the end, with its usage', async () => {
    const text = 'Grüße aus München 🏔️, wo es heute regnet. '.repeat(5)
    model.script([{ text, everyMs: 0, usage: { input: 11, cached: 4, output: 7 } }])
    const pieces: string[] = []
    const answer = await ask({ onText: (piece) => pieces.push(piece) })
    expect(answer).toEqual({ text, calls: [], stop: 'end', usage: { input: 11, cached: wire === 'openai' ? 4 : 0, output: 7 } })
    expect(pieces.length).toBeGreaterThan(3)
    expect(pieces.join('')).toBe(text)
  })

  test('what it is asked goes out whole: messages, calls, results, tools, limits', async () => {
    model.script([{ text: 'ok' }])
    const messages: Message[] = [
      { role: 'system', text: 'Be brief.' }, user('make a place'),
      { role: 'assistant', text: 'I will.', calls: [{ id: 'call_a', name: 'CREATE_PLACE', input: { name: 'ä"\\' } }, { id: 'call_b', name: 'THINK', input: '{"half": ' }] },
      { role: 'tool', id: 'call_a', name: 'CREATE_PLACE', text: '{"ok":true}' }, { role: 'tool', id: 'call_b', name: 'THINK', text: 'no JSON' },
      { role: 'assistant', text: '', calls: [{ id: 'call_c', name: 'THINK', input: {} }] }, { role: 'tool', id: 'call_c', name: 'THINK', text: 'thought' },
    ]
    await ask({ messages, tools: TOOLS, schema: SCHEMA, temperature: 0.25, maxTokens: 77, idempotencyKey: `whole-${wire}` })
    const named = (message: Message): Message => (wire === 'openai' && message.role === 'tool' ? { ...message, name: '' } : message)
    const sent = messages.map(named).map((message) => message.role !== 'assistant' ? message
      : { ...message, calls: message.calls.map((call) => (typeof call.input === 'string' ? { ...call, input: { not_an_object: call.input } } : call)) })
    expect(last()).toMatchObject({ wire, model: 'scripted', messages: sent, tools: TOOLS, schema: SCHEMA, temperature: 0.25, maxTokens: 77, streamed: true, key: `whole-${wire}` })
    if (wire === 'ollama') expect(last().body).toMatchObject({ options: { num_ctx: 8192, num_predict: 77 }, truncate: false, shift: false })
    else expect(last().body).toMatchObject({ stream_options: { include_usage: true }, max_tokens: 77 })
  })

  test('tool calls keep their order, names, ids and inputs', async () => {
    model.script([{ text: 'First I look.', calls: [{ id: 'call_x', name: 'CREATE_PLACE', input: { name: 'ä', more: [1, { a: null }] } }, { id: 'call_y', name: 'THINK', input: {} }] }])
    const answer = await ask({ tools: TOOLS })
    expect(answer).toMatchObject({
      text: 'First I look.', stop: 'tools',
      calls: [{ id: 'call_x', name: 'CREATE_PLACE', input: { name: 'ä', more: [1, { a: null }] } }, { id: 'call_y', name: 'THINK', input: {} }],
    })
  })

  test('ids that are missing or double are made, the same each time', async () => {
    model.script([{ calls: [{ id: '', name: 'THINK', input: {} }, { id: 'one', name: 'THINK', input: {} }, { id: 'one', name: 'THINK', input: { a: 1 } }] }])
    const answer = await ask({ tools: TOOLS })
    expect(answer.calls.map(({ id }) => id)).toEqual(['call_1_0', 'one', 'call_1_2'])
    expect(answer.calls.at(-1)!.input).toEqual({ a: 1 })
  })

  test('arguments that are no JSON come as the text they are', async () => {
    model.script([{ fault: 'bad-arguments', tool: 'THINK' }])
    expect(await ask({ tools: TOOLS })).toMatchObject({ stop: 'tools', calls: [{ name: 'THINK', input: '{"half": ' }] })
  })

  test('it stops where it is told to: at its length', async () => {
    model.script([{ text: 'and so', stop: 'length' }])
    expect(await ask()).toMatchObject({ text: 'and so', stop: 'length' })
  })

  test('a server that tells no usage is charged the most it can have been', async () => {
    model.script([{ text: 'äöü', usage: null }])
    const answer = await ask()
    expect(answer).toMatchObject({ estimated: true, usage: { cached: 0, output: 6 } })
    expect(answer.usage.input).toBeGreaterThan(5)
  })

  test('an answer in one piece will do where a stream was asked for', async () => {
    model.script([{ text: 'all at once', calls: [{ id: 'a', name: 'THINK', input: { a: 1 } }, { id: 'b', name: 'THINK', input: {} }], usage: { input: 3, output: 2 }, whole: true }])
    expect(await ask({ tools: TOOLS })).toEqual({
      text: 'all at once', stop: 'tools', calls: [{ id: 'a', name: 'THINK', input: { a: 1 } }, { id: 'b', name: 'THINK', input: {} }], usage: { input: 3, cached: 0, output: 2 },
    })
  })

  test('characters that no database carries are replaced', async () => {
    model.script([{ text: 'a\u0000b\ud83d', calls: [{ name: 'THINK\u0000', input: {} }] }])
    expect(await ask({ tools: TOOLS })).toMatchObject({ text: 'a\ufffdb\ufffd', calls: [{ name: 'THINK\ufffd' }] })
  })

  test.each([
    ['cut', { fault: 'cut' }, 'transport', true], ['cut politely', { fault: 'cut', politely: true }, 'transport', true], ['bad JSON', { fault: 'bad-json' }, 'bad-answer', true],
    ['an error midway', { fault: 'error-midway' }, 'server-error', true], ['an error midway: too long', { fault: 'error-midway', message: 'the prompt is too long for the context window' }, 'too-long', false],
    ['10 MB', { fault: 'huge' }, 'bad-answer', false], ['one line of 10 MB', { fault: 'huge', oneLine: true }, 'bad-answer', false], ['no end', { fault: 'endless', text: 'word '.repeat(20_000) }, 'bad-answer', false],
    ['401', { fault: 'status', status: 401, message: 'no such key' }, 'unauthorized', false], ['403', { fault: 'status', status: 403 }, 'unauthorized', false],
    ['404', { fault: 'status', status: 404, message: "model 'x' not found" }, 'not-found', false], ['400', { fault: 'status', status: 400, message: 'temperature must be 1' }, 'refused', false],
    ['too long, by its code', { fault: 'status', status: 400, code: 'context_length_exceeded', message: wire === 'ollama' ? 'the input length exceeds the context length' : 'sorry' }, 'too-long', false],
    ['a bill not paid', { fault: 'status', status: 402, message: 'insufficient credits' }, 'refused', false], ['a redirect', { fault: 'status', status: 307 }, 'refused', false],
  ] as const)('%s ends as it must', async (_, fault, code, passing) => {
    // With a price an answer that had begun is not asked for twice.
    model.script(() => fault)
    const before = model.calls.length
    const error = await faultOf({ model: fresh({ price: { input: 1, cached: 1, output: 1 } }) })
    expect({ code: error.code, passing: error.passing }).toEqual({ code, passing })
    expect(error.message).toMatch(/^127\.0\.0\.1:\d+:? |^scripted: /)
    expect(model.calls.length).toBe(before + 1)
  })

  test('what an answer cost that broke off is told, and at most what was granted', async () => {
    model.script(() => ({ fault: 'cut', text: 'x'.repeat(40) }))
    const priced = fresh({ price: { input: 1, cached: 1, output: 1 } })
    expect((await faultOf({ model: priced, maxTokens: 1000 })).usage).toMatchObject({ output: 40 })
    expect((await faultOf({ model: priced, maxTokens: 10 })).usage).toMatchObject({ output: 10 })
    model.script([{ fault: 'status', status: 400 }])
    expect((await faultOf()).usage).toBeUndefined()
  })

  test('a free answer that broke off is asked for once more', async () => {
    model.script([{ fault: 'cut' }, { text: 'whole' }])
    expect((await ask({ model: fresh() })).text).toBe('whole')
  })

  test('429 and 500 are tried again, under the same key, and charged once', async () => {
    const before = model.charged.calls
    model.script([{ fault: 'rate-limited', retryAfter: 0 }, { fault: 'status', status: 500 }, { text: 'at last' }])
    expect((await ask({ model: fresh(), idempotencyKey: `again-${wire}` })).text).toBe('at last')
    expect(model.calls.slice(-3).map(({ request }) => request.key)).toEqual(Array(3).fill(`again-${wire}`))
    expect(model.charged.calls).toBe(before + 1)
    expect((await ask({ idempotencyKey: `again-${wire}` })).text).toBe('at last')
    expect(model.charged.calls).toBe(before + 1)
  })

  test('three tries are all, and who asks for long patience is not waited for', async () => {
    const before = model.calls.length
    model.script(() => ({ fault: 'rate-limited', retryAfter: 0 }))
    expect(await faultOf({ model: fresh() })).toMatchObject({ code: 'overloaded', passing: true, retryAfterMs: 0 })
    expect(model.calls.length).toBe(before + 3)
    model.script(() => ({ fault: 'rate-limited', retryAfter: 3600 }))
    expect(await faultOf({ model: fresh() })).toMatchObject({ code: 'overloaded', retryAfterMs: 3_600_000 })
    expect(model.calls.length).toBe(before + 4)
  })

  test.each([['before its first word', false], ['in the middle of a word', true]])('it is stopped %s, and the connection with it', async (_, midway) => {
    model.script([{ fault: 'hang', midway }])
    const stop = new AbortController()
    const before = model.calls.length
    const asked = faultOf({ model: fresh(), signal: stop.signal, onText: () => stop.abort() })
    await model.arrived(before + 1)
    if (!midway) stop.abort()
    expect(await asked).toMatchObject({ code: 'aborted', passing: false })
    expect(await model.calls.at(-1)!.ended).toBe('cut')
  })

  test('a model that takes longer than its timeout is left', async () => {
    model.script([{ fault: 'hang', midway: true }])
    expect(await faultOf({ model: fresh({ timeout: 200 }) })).toMatchObject({ code: 'timeout', passing: true, message: 'scripted did not answer whole within 200 ms' })
  })

  test('a model that fails five times is left alone, and another of the same server is not', async () => {
    const broken = fresh()
    model.script((request) => (request.model === broken.model ? { fault: 'status', status: 500 } : { text: 'well' }))
    await faultOf({ model: broken })
    await faultOf({ model: broken })
    const before = model.calls.length
    expect(await faultOf({ model: broken })).toMatchObject({ code: 'breaker-open', passing: true, retryAfterMs: expect.any(Number) })
    expect(model.calls.length).toBe(before)
    expect((await ask()).text).toBe('well')
  })

  test('the key goes out, and comes back in nothing', async () => {
    const keyed = fresh({ key: 'env:KEY' })
    model.script([{ text: `your key is ${KEY}, I think`, calls: [{ name: 'THINK', input: { text: KEY } }] }, { fault: 'status', status: 401, message: `bad key ${KEY}` }])
    const pieces: string[] = []
    const answer = await ask({ model: keyed, tools: TOOLS, onText: (piece) => pieces.push(piece) })
    expect(last().authorization).toBe(`Bearer ${KEY}`)
    expect(answer).toMatchObject({ text: 'your key is ***, I think', calls: [{ input: { text: '***' } }] })
    expect(pieces.join('')).toBe('your key is ***, I think')
    const fault = await faultOf({ model: keyed })
    expect(fault.message).toContain('bad key ***; check the value of env:KEY')
  })

  test.each([
    [{ key: 'env:MISSING' }, 'no-key', 'AGENTICOS_CREDENTIALS'], [{ key: 'env:OTHER' }, 'no-key', 'may not go to 127.0.0.1'],
    [{ url: 'http://10.0.0.1:1/v1' }, 'egress-refused', 'AGENTICOS_EXECUTOR_MODEL_HOSTS'], [{ url: 'http://key@127.0.0.1:1/v1' }, 'egress-refused', 'user part'],
    [{ url: 'nonsense' }, 'refused', 'models.yaml'], [{ url: 'http://127.0.0.1:1/v1' }, 'transport', '127.0.0.1:1'],
  ] as const)('%j is refused before anything is sent', async (more, code, words) => {
    const before = model.calls.length
    const fault = await faultOf({ model: fresh(more) })
    expect(fault).toMatchObject({ code, message: expect.stringContaining(words) })
    expect(model.calls.length).toBe(before)
  })

  test('nothing of it opens a private host to http of nets', () => {
    expect(() => bench.egress.judge(new URL(model.url))).toThrow('AGENTICOS_EGRESS_ALLOW')
  })

  test('a missing model is named with how to get it', async () => {
    model.script([{ fault: 'status', status: 404, message: 'not found' }])
    expect((await faultOf({ model: grant({ model: 'qwen3:8b' }) })).message).toContain('ollama pull qwen3:8b')
  })
})
