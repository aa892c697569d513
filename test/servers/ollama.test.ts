import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { packageRoot } from '../../controller/package-root.js'
import { askModel } from '../../executor/llm/ask-model.js'
import { checkModel } from '../../executor/llm/check-model.js'
import type { Ask, OfferedTool } from '../../executor/llm/provider.js'
import { tokenBound } from '../../executor/llm/token-bound.js'
import type { Answer, Message, ModelGrant } from '../../protocol/model.js'
import { testBench } from '../support/bench.js'

// A real Ollama with a real, very small model: what it says is not tested, only that it is said and understood.
const folder = join(packageRoot(), '../shared/servers/ollama')
if (!existsSync(join(folder, 'up'))) throw new Error(`${folder} is not there: these tests start a real Ollama by its script "up". Run npm test for all others.`)

const run = promisify(execFile)
const { stdout } = await run(join(folder, 'up'))
const exported = new Map([...stdout.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value ?? '']))
afterAll(() => run(join(folder, 'down'), [exported.get('OLLAMA_STATE')!]))

const KEY = 'key-of-a-server-that-asks-for-none'
const { bench } = await testBench({ AGENTICOS_EXECUTOR_MODEL_HOSTS: 'http://127.0.0.1', AGENTICOS_CREDENTIALS: 'KEY@127.0.0.1', KEY })
const TOOL: OfferedTool = {
  name: 'get_weather', description: 'The weather of a city', parameters: { type: 'object', required: ['city'], properties: { city: { type: 'string', enum: ['Paris', 'Rome'] } } },
}
const user = (text: string): Message => ({ role: 'user', text })

function granted(wire: 'openai' | 'ollama', more: Partial<ModelGrant> = {}): ModelGrant {
  return {
    name: 'small', provider: wire, url: exported.get(wire === 'openai' ? 'OPENAI_BASE_URL' : 'OLLAMA_HOST')!, model: exported.get('OLLAMA_MODEL')!, context: 2048, maxOutput: 512,
    price: { input: 0, cached: 0, output: 0 }, capabilities: ['tools', 'schema'], timeout: 600_000, key: 'env:KEY', ...more,
  }
}

/** Asks, and holds every answer to its usage: told by the server, and within what a grant would have been. */
async function askSmall({ model, ...rest }: Partial<Ask> & Pick<Ask, 'model'>): Promise<Answer> {
  const request = { messages: [user('Tell me about the sea.')], tools: [], schema: undefined, maxTokens: 40, temperature: 0, idempotencyKey: 'k', signal: new AbortController().signal, ...rest }
  const answer = await askModel(bench, model, request)
  expect(answer.estimated).toBeUndefined()
  expect(answer.usage.input).toBeGreaterThan(0)
  expect(answer.usage.input).toBeLessThanOrEqual(tokenBound(request))
  expect(answer.usage.output).toBeLessThanOrEqual(request.maxTokens)
  return answer
}

describe.each(['openai', 'ollama'] as const)('a real server on the %s wire', (wire) => {
  const grant = (more: Partial<ModelGrant> = {}): ModelGrant => granted(wire, more)
  const ask = (more: Partial<Ask> = {}): Promise<Answer> => askSmall({ model: grant(), ...more })

  test('streams its words, and tells what they took', async () => {
    const pieces: string[] = []
    const answer = await ask({ onText: (piece) => pieces.push(piece) })
    expect(pieces.length).toBeGreaterThan(5)
    expect(pieces.join('')).toBe(answer.text)
    expect(answer.usage.output).toBeGreaterThan(5)
  })

  test('stops at the length that is given', async () => {
    expect(await ask({ maxTokens: 4 })).toMatchObject({ stop: 'length', usage: { output: 4 } })
  })

  test('keeps to a schema', async () => {
    const answer = await ask({ messages: [user('Where is the Colosseum?')], schema: { type: 'object', required: ['city'], properties: { city: { enum: ['Paris', 'Rome'] } } } })
    expect(['Paris', 'Rome']).toContain((JSON.parse(answer.text) as { city: string }).city)
    expect(answer.stop).toBe('end')
  })

  test('calls a tool', async () => {
    // So small a model calls none by itself; an answer held to the form of a call is taken for one by the server.
    const schema = { type: 'object', required: ['name', 'arguments'], properties: { name: { const: TOOL.name }, arguments: TOOL.parameters } }
    const answer = await ask({ messages: [user('Weather in Paris?')], tools: [TOOL], schema, maxTokens: 60 })
    expect(answer).toMatchObject({ stop: 'tools', calls: [{ id: expect.stringMatching(/./), name: 'get_weather', input: { city: expect.stringMatching(/^(Paris|Rome)$/) } }] })
  })

  test('understands a conversation with calls and results, also with a call that was none', async () => {
    const messages: Message[] = [
      { role: 'system', text: 'You are brief.' }, user('Weather in Paris?'),
      { role: 'assistant', text: '', calls: [{ id: 'call_1', name: TOOL.name, input: '{"city": ' }, { id: 'call_2', name: TOOL.name, input: { city: 'Paris' } }] },
      { role: 'tool', id: 'call_1', name: TOOL.name, text: 'the input is no JSON' }, { role: 'tool', id: 'call_2', name: TOOL.name, text: '{"sky":"blue"}' },
    ]
    expect((await ask({ messages, tools: [TOOL] })).usage.output).toBeGreaterThan(0)
  })

  test('is held to the JSON form where it calls no tools', async () => {
    const answer = await ask({ model: grant({ capabilities: ['schema'] }), messages: [user('Weather in Paris?')], tools: [TOOL], maxTokens: 80 })
    expect(answer.text !== '' || answer.calls.length === 1).toBe(true)
  })

  test('is stopped in the middle of a word, and answers the next', async () => {
    const stop = new AbortController()
    await expect(ask({ maxTokens: 500, signal: stop.signal, onText: () => stop.abort() })).rejects.toMatchObject({ code: 'aborted', usage: { output: expect.any(Number) } })
    expect((await ask({ maxTokens: 4 })).usage.output).toBe(4)
  })

  test('says that it has no such model', async () => {
    await expect(ask({ model: grant({ model: 'none' }) })).rejects.toMatchObject({ code: 'not-found', passing: false, message: expect.stringContaining('ollama pull none') })
  })

  test('is checked', async () => {
    const check = await checkModel(bench, grant({ maxOutput: 40 }), new AbortController().signal)
    expect(check).toMatchObject({ works: { plain: true, schema: true }, micros: 0 })
    expect(check.works.stream).not.toBe(false)
    expect(check.tokensPerSecond).toBeGreaterThan(0)
    expect(check.usage.output).toBeGreaterThan(0)
  })
})

test('what is too long is refused on the native wire, not cut', async () => {
  await expect(askSmall({ model: granted('ollama', { context: 512 }), messages: [user('word '.repeat(1500))] })).rejects.toMatchObject({ code: 'too-long', passing: false })
})
