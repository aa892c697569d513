import { createServer } from 'node:http'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API } from '../../protocol/api.js'
import { cli, type Ran } from '../support/cli.js'
import { demoNet } from '../support/demo-net.js'
import { scriptedModels } from '../support/scripted-models.js'
import { startScriptedModel, type ScriptedModel } from '../support/scripted-model/server.js'
import { startWhole, type Whole } from '../support/whole.js'

const state = mkdtempSync(join(tmpdir(), 'agenticos-chat-'))
let model: ScriptedModel
let whole: Whole
beforeAll(async () => {
  model = await startScriptedModel()
  whole = await startWhole({ ...demoNet('coordinator', undefined, 'system'), ...demoNet('log-questions'), 'models.yaml': scriptedModels(model) })
  await whole.executor({ AGENTICOS_EXECUTOR_MODEL_HOSTS: new URL(model.ollamaUrl).origin })
}, 120_000)
afterAll(async () => {
  await model.close()
  rmSync(state, { recursive: true, force: true })
})

const env = () => ({ AGENTICOS_SERVER: whole.url, AGENTICOS_TOKEN: whole.admin, XDG_STATE_HOME: state })
const chat = (stdin: string, args: string[] = [], more: object = {}): Promise<Ran> => cli(['chat', ...args], { env: env(), stdin, ...more })
const ask = (args: string[], more: object = {}): Promise<Ran> => cli(['ask', ...args], { env: env(), stdin: '', ...more })
const done = (text: string) => ({ calls: [{ name: 'DONE', input: { summary: 'done', result: { text } } }] })

describe('agenticos ask', () => {
  it('prints the answer and nothing else, and as JSON what it cost', async () => {
    model.script(() => done('four places'))
    expect(await ask(['how many places?'])).toEqual({ code: 0, out: 'four places\n', err: '' })
    const json = await ask(['-', '-o', 'json'], { stdin: 'how many\nplaces?' })
    expect(JSON.parse(json.out)).toMatchObject({ conversation: expect.stringMatching(/^chat-/), text: 'four places', proposal: null, toolCalls: 1, recorded: false, model: 'scripted', usd: expect.any(Number) })
    expect(JSON.parse(json.out).usd).toBeGreaterThan(0)
    expect(model.calls.at(-1)!.request.first).toContain('how many\nplaces?')
  })

  it('ends with 1 when the agent fails and with 2 when it is used wrongly', async () => {
    model.script(() => ({ calls: [{ name: 'FAIL', input: { reason: 'I cannot', tried: 'all' } }] }))
    expect(await ask(['do it'])).toMatchObject({ code: 1, out: '', err: expect.stringContaining('error: I cannot') })
    const json = await ask(['do it', '-o', 'json'])
    expect([json.code, JSON.parse(json.out).error]).toEqual([1, { code: 'agent-failed', message: 'I cannot' }])
    expect((await ask(['  '])).code).toBe(2)
    expect((await ask(['x', '--role', 'everything'])).code).toBe(2)
  })

  it('stops the turn where it runs when the time is over', async () => {
    model.script(() => ({ fault: 'hang' }))
    expect(await ask(['wait', '--timeout', '3s'])).toMatchObject({ code: 1, err: expect.stringContaining('no answer came within 3s: the turn is stopped') })
    await whole.until('the turn ends as cancelled', async () => (await whole.tokens('system/coordinator/replies')).some((one) => (one as { code?: string }).code === 'cancelled'))
    expect((await whole.client.call(API.listEffects, { query: { session: 'system', state: 'leased' } })).items).toEqual([])
  })
})

describe('agenticos chat, in a pipe', () => {
  it('takes each line as a turn, shows calls with their end, and goes on with the conversation', async () => {
    model.script([
      { text: 'Let me look.', calls: [{ name: 'LIST_PLACES', input: { session: 'demo', net: 'log-questions' } }, { name: 'LIST_PLACE', input: {} }] },
      done('There are four.'), done('As I said, four.'),
    ])
    const { code, out, err } = await chat('which places?\n\nagain?\n', ['--new'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('● LIST_PLACES log-questions  ok')
    expect(out).toContain('There are four.\n')
    expect(out).toMatch(/\$0\.\d+ {2}\d tool calls? {2}\S+ {2}scripted\n/)
    expect(out).toContain('As I said, four.\n')
    expect(model.calls.at(-1)!.request.first).toContain('You: There are four.')
  })

  it('makes harmless what a model says', async () => {
    model.script(() => done('\u001b[2Jgone\u0007 \u202eevil'))
    const { out } = await chat('x\n', ['--new'])
    expect(out).toContain('\\u001b[2Jgone\\u0007 \\u202eevil')
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
  })

  it('says what slash lines do, changes role and model, and refuses what is none', async () => {
    model.script(() => done('ok'))
    const { out } = await chat('/help\n/rol\n/role rl\n/role god\n/model scripted\nlook\n/merge\n/diff\n/cost\n/quit\nnever sent\n', ['--new'])
    expect(out).toContain('/merge [N]')
    expect(out).toContain('there is no /rol; did you mean /role?')
    expect(out).toContain('error: "god" is no role of a chat')
    expect(out).toContain('error: this conversation has no proposal')
    expect(out).toContain('this conversation changes nothing so far')
    expect(model.calls.at(-1)!.request.tools.map(({ name }) => name)).not.toContain('CREATE_NET')
    expect(model.calls.at(-1)!.request.first).toContain('look')
  })

  it('offers the operator where a role is wanted that nobody has, and does nothing unasked', async () => {
    model.script(() => done('ok'))
    const before = (await whole.client.call(API.listProposals, { query: { state: 'all', limit: 1000 } })).items.length
    const { out } = await chat('/role rwxl\nlook\n', ['--new'])
    expect(out).toContain('error: no agent here has the role rwxl: it comes with the net system/operator\n')
    expect(out).toContain('agenticos chat --role rwxl --yes proposes and merges nets/system/operator.yaml. Whoever may put into system/coordinator/requests may then')
    expect(model.calls.at(-1)!.request.tools.map(({ name }) => name)).not.toContain('FIRE_ONCE')
    expect((await whole.client.call(API.listProposals, { query: { state: 'all', limit: 1000 } })).items).toHaveLength(before)
    expect(await ask(['stop it', '--role', 'rwxhl'])).toMatchObject({ code: 1, err: expect.stringContaining('no agent here has the role rwxhl') })

    const agreed = await chat('/role rwxl\nlook\n', ['--new', '--yes'])
    expect(agreed.out).toMatch(/system\/operator runs \(proposal \d+\)\nrole rwxl from the next turn on\n/)
    const offered = model.calls.at(-1)!.request.tools.map(({ name }) => name)
    expect(offered).toContain('FIRE_ONCE')
    expect(offered).not.toContain('HTTP_CALL')
    expect(await ask(['call', '--role', 'rwxhl'])).toMatchObject({ code: 0, out: 'ok\n', err: '' })
  })

  it('ends with 1 when a turn failed', async () => {
    model.script(() => ({ calls: [{ name: 'FAIL', input: { reason: 'no', tried: 'no' } }] }))
    expect(await chat('x\n', ['--new'])).toMatchObject({ code: 1, out: expect.stringContaining('failed: no [agent-failed]') })
  })

  it('goes on with the last conversation of this server, kept for its owner alone', async () => {
    model.script(() => done('ok'))
    await chat('my name is Ada\n', ['--new'])
    await chat('and now?\n')
    expect(model.calls.at(-1)!.request.first).toContain('Person: my name is Ada')
    await chat('and now?\n', ['--new'])
    expect(model.calls.at(-1)!.request.first).not.toContain('Ada')
    expect(statSync(join(state, 'agenticos/chat.json')).mode & 0o777).toBe(0o600)
    expect(existsSync(join(state, 'agenticos/chat-history'))).toBe(false)
  })

  it('draws what the draft means, opens a proposal, merges it and says what runs', async () => {
    model.script([
      { calls: [{ name: 'CREATE_NET', input: { net: 'demo/mail' } }, { name: 'CREATE_PLACE', input: { net: 'demo/mail', place: 'letters', category: 'learning' } }] },
      done('A net for letters.'),
    ])
    const { code, out } = await chat('a net for letters\n/merge\n', ['--new'])
    expect(out).toContain('    + place letters\n')
    expect(out).toMatch(/proposal \d+ done {2}.*\/merge makes it run/)
    expect(out).toMatch(/merged as [0-9a-f]{10}: done\n {2}demo\/mail runs/)
    expect(code).toBe(0)
  })
})

describe('the first chat', () => {
  it('does nothing unasked, finds the local Ollama, and with --yes applies what is missing', async () => {
    const bare = await startWhole(demoNet('log-questions'))
    const ollama = createServer((request, response) => {
      const body = request.url === '/api/tags' ? { models: [{ name: 'tiny:1b', size: 1e9 }, { name: 'Qwen3:8b', size: 5e9 }] } : { capabilities: ['completion', 'tools'], model_info: { 'qwen3.context_length': 40960 } }
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
    })
    await new Promise<void>((resolve) => ollama.listen(0, '127.0.0.1', resolve))
    const own = { AGENTICOS_SERVER: bare.url, AGENTICOS_TOKEN: bare.admin, XDG_STATE_HOME: state }
    const host = { OLLAMA_HOST: `127.0.0.1:${(ollama.address() as AddressInfo).port}` }
    const none = await cli(['ask', 'hello'], { env: { ...own, OLLAMA_HOST: '127.0.0.1:1' }, stdin: '' })
    expect(none.code).toBe(1)
    expect(none.err.trimEnd().split('\n')).toEqual([expect.stringContaining('no model is configured'), expect.stringContaining('openai'), expect.stringContaining('ollama pull'), expect.stringContaining('chat --demo')])
    expect(await cli(['chat'], { env: { ...own, ...host }, stdin: '' })).toMatchObject({ code: 1, err: expect.stringContaining('has Qwen3:8b, tiny:1b') })
    expect((await bare.client.call(API.listProposals, { query: { state: 'all' } })).items).toHaveLength(1)
    expect(await cli(['chat', '--yes'], { env: { ...own, ...host }, stdin: '' })).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/models\.yaml is applied \(proposal 2\)\nsystem\/coordinator runs \(proposal 3\)/) })
    const models = (await bare.client.call(API.listModels)).items
    expect(models.map(({ name }) => name).sort()).toEqual(['qwen3-8b', 'tiny-1b'])
    ollama.close()
  }, 120_000)

  it('is possible where a policy lets agents of system design and no more, and there nobody merges the operator', async () => {
    const policy = 'apiVersion: agenticos.dev/v1\nkind: Policy\nagents:\n  - {sessions: [system], role: rwl}\n'
    const small = scriptedModels(model).replace('context: 100000', 'context: 8192')
    const strict = await startWhole({ ...demoNet('log-questions'), 'policy.yaml': policy, 'models.yaml': small })
    await strict.executor({ AGENTICOS_EXECUTOR_MODEL_HOSTS: new URL(model.ollamaUrl).origin })
    const own = { AGENTICOS_SERVER: strict.url, AGENTICOS_TOKEN: strict.admin, XDG_STATE_HOME: state }
    const warned = 'model scripted has a context of 8192 tokens, and role rwl needs about 28000: raise its context: in models.yaml\n'
    expect(await cli(['chat', '--yes', '--new'], { env: own, stdin: '' })).toMatchObject({ code: 0, err: warned, out: expect.stringContaining('system/coordinator runs') })
    const { code, err } = await cli(['ask', 'stop it', '--role', 'rwxl', '--yes'], { env: own, stdin: '' })
    expect(code).toBe(2)
    expect(err).toContain('error role-above-policy: The agent asks for rwxl and policy.yaml allows rwl.')
    expect((await strict.client.call(API.listProposals, {})).items).toEqual([])
  }, 120_000)
})
