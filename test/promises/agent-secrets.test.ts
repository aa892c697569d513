// Promise D for agents: the key of a model, the credential of a tool call, that of a command, an access token and a capability are
// nowhere but where they are used, whatever a model and a host that know them say, and however what they say is cut.
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { API } from '../../protocol/api.js'
import { files, leaks, marksOf, objects, reads, tables } from '../support/marks.js'
import { startRiver, type River } from '../support/river.js'
import type { Reply, ScriptedRequest } from '../support/scripted-model/reply.js'
import { startScriptedModel, type ScriptedModel } from '../support/scripted-model/server.js'

const core = (): string => `Kq7${randomBytes(18).toString('hex')}`
const CORES = { model: core(), tool: core(), command: core() }
// with letters that JSON, URLs and forms write in their own way
const KEY = `sk-${CORES.model}+/="&'<%`
const MARKS = Object.values(CORES).flatMap(marksOf)
/** Where texts of ours were cut, a value stood across: begun, and never ended. */
const across = (at: number, value: string): string => `${'x'.repeat(at - 24)} ${value}`

let river: River
let host: Server
let model: ScriptedModel
let access = ''
let streamed = ''
let checks = ''
const heard = { tool: 0, access: 0 }
/** errors of model servers that tell the key, by the model that gives them */
const FAULTS: readonly ((key: string) => Reply)[] = [
  (key) => ({ fault: 'status', status: 401, message: `bad key ${key}` }),
  (key) => ({ fault: 'status', status: 400, message: across(500, key), code: key }),
  (key) => ({ fault: 'status', status: 500, message: across(60, key) }),
  (key) => ({ fault: 'error-midway', text: key, message: across(500, key) }),
  (key) => ({ fault: 'bad-json', line: `{${across(60, key)}` }),
  (key) => ({ fault: 'cut', text: `it is ${key.slice(0, -3)}` }),
]

const models = (url: string): string => `apiVersion: agenticos.dev/v1
kind: Models
models:
${['main', ...FAULTS.map((_, at) => `ill-${at}`)].map((name) => `  ${name}: {provider: openai, url: '${url}', model: ${name}, context: 100000, price: {input: 1, output: 2}, key: env:MODEL_KEY}\n`).join('')}`
const NET = `apiVersion: agenticos.dev/v1
kind: Net
metadata: {name: ways}
places: {tasks: {category: task}, questions: {category: task}, jobs: {category: task}, results: {category: task}, failures: {category: task}, memory: {category: learning, keep: 10}}
transitions:
  work:
    kind: agent
    in: {task: tasks}
    credentials: {K: env:TOOL_KEY}
    do: {model: main, prompt: 'Do \${task.text}', role: rwxh, maxIterations: 20}
    budget: {usd: 5, per: firing}
    retry: {attempts: 1}
    out: {results: {}, memory: {emit: tools}, jobs: {emit: tools}, failures: {when: error}}
  ask:
    kind: llm
    in: {task: questions}
    do: {model: '\${task.model}', prompt: 'Say \${task.text}', schema: {type: object, required: [never]}}
    budget: {usd: 5, per: firing}
    retry: {attempts: 1}
    out: {results: {}, failures: {when: error}}
  run:
    kind: command
    in: {x: jobs}
    credentials: {T: env:CMD_SECRET}
    do: {script: 'echo "$T"; echo "$T" | base64 >&2'}
    out: {results: {}, failures: {when: error}}
`

/** A model that tells its key in all that it says. */
function told({ model: name, authorization = '', first, turn }: ScriptedRequest): Reply {
  const key = authorization.replace(/^Bearer /, '')
  const ill = /^ill-(\d)$/.exec(name)
  if (ill !== null) return FAULTS[Number(ill[1])]!(key)
  const all = [key, JSON.stringify({ key }), encodeURIComponent(key), Buffer.from(key).toString('base64'), Buffer.from(`user:${key}`).toString('base64'), Buffer.from(key).toString('hex')].join(' | ')
  if (first.startsWith('Say')) return { text: `{"key": ${JSON.stringify(all)}}` }
  if (first.includes('Do fail')) return { text: all, everyMs: 0, calls: [{ name: 'FAIL', input: { reason: `because of ${all}`, tried: key } }] }
  const { port } = host.address() as AddressInfo
  const turns = [
    [{ id: key, name: 'THINK', input: { goal: all, plan: key } }, { id: `${key}-2`, name: `X_${key}`.slice(0, 90), input: {} }, { name: 'THINK', input: `{"half": "${key}` }],
    [{ name: 'HTTP_CALL', input: { method: 'GET', url: `http://127.0.0.1:${port}/echo`, credential: 'K' } }, { name: 'HTTP_CALL', input: { method: 'GET', url: `http://127.0.0.1:${port}/refuse?key=${encodeURIComponent(key)}`, credential: 'K' } }],
    [{ name: 'EMIT_MEMORY', input: { name: 'key', data: { [key]: [all] } } }, { name: 'CREATE_TOKEN', input: { place: 'jobs', data: { said: all } } }],
    [{ name: 'CREATE_NET', input: { net: 'made', title: `With ${key}` } }, { name: 'CREATE_PLACE', input: { net: 'made', place: 'inbox', category: 'task' } }],
  ]
  return { text: all, everyMs: 0, calls: turns[turn] ?? [{ name: 'DONE', input: { summary: `It is ${key}\n\n${all}` } }] }
}

beforeAll(async () => {
  host = createServer((request, response) => {
    const authorization = request.headers.authorization ?? ''
    if (authorization.includes(CORES.tool)) heard.tool++
    if (access !== '' && authorization.includes(access)) heard.access++
    const refuse = (request.url ?? '').startsWith('/refuse')
    response.writeHead(refuse ? 403 : 200, { 'content-type': 'application/json', 'x-told': authorization, 'etag': JSON.stringify(authorization) }).end(JSON.stringify({ [authorization]: authorization, text: across(16_384, authorization) }))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => host.once('listening', resolve))
  model = await startScriptedModel({ apiKey: KEY })
  model.script(told)
  const { port } = host.address() as AddressInfo
  river = await startRiver({
    files: { 'models.yaml': models(model.url), 'nets/secret/ways.yaml': NET },
    env: {
      MODEL_KEY: KEY, TOOL_KEY: CORES.tool, CMD_SECRET: CORES.command, AGENTICOS_CREDENTIALS: 'MODEL_KEY@127.0.0.1 TOOL_KEY@127.0.0.1 CMD_SECRET',
      AGENTICOS_EXECUTOR_MODEL_HOSTS: new URL(model.url).origin, AGENTICOS_EGRESS_ALLOW: `http://127.0.0.1:${port}`, AGENTICOS_LOG_LEVEL: 'trace', AGENTICOS_EXECUTOR_LOG: 'trace',
    },
  })
  const watching = watch()
  access = (await river.client.call(API.createAccess, { body: { name: 'tools', kind: 'api', scopes: ['admin'] } as never })).token
  await river.put('secret/ways/tasks', { text: 'all' }, 'talk-1')
  await river.put('secret/ways/tasks', { text: 'fail' }, 'talk-2')
  for (const [name] of [['main'], ...FAULTS.map((_, at) => [`ill-${at}`])]) await river.put('secret/ways/questions', { text: 'it', model: name! })
  await river.until('all has ended', async () => (await river.tokens('secret/ways/results')).length + (await river.tokens('secret/ways/failures')).length >= 4 + FAULTS.length)
  for (const name of ['main', 'ill-0']) checks += JSON.stringify(await river.client.call(API.checkModel, { params: { model: name } }))
  const called = await fetch(`${river.url}/v1/tools/HTTP_CALL`, {
    method: 'POST', headers: { 'authorization': `Bearer ${access}`, 'content-type': 'application/json' },
    body: JSON.stringify({ method: 'GET', url: `http://127.0.0.1:${port}/echo`, headers: { authorization: `Bearer ${access}` } }),
  })
  expect(called.status).toBe(200)
  await river.quiet('secret')
  await watching.end()
}, 240_000)
afterAll(async () => {
  host.close()
  await model.close()
})

/** Follows the session as the chat does, words of models included. */
function watch(): { end(): Promise<void> } {
  const stop = new AbortController()
  const reading = (async () => {
    const admin = readFileSync(join(river.dataDir, 'admin-token'), 'utf8').trim()
    const answer = await fetch(`${river.url}/v1/sessions/secret/events/stream?progress=true&after=0`, { headers: { authorization: `Bearer ${admin}` }, signal: stop.signal })
    for await (const chunk of answer.body!) streamed += Buffer.from(chunk as Uint8Array).toString('utf8')
  })().catch(() => {})
  return { end: async () => (stop.abort(), await reading) }
}

const secretOf = (token: string): string => /^(?:ant|agenticos_x)_[0-9A-Za-z]+_(.{40,})$/.exec(token)?.[1] ?? ''
/** The three secrets, the tokens of people and executors, and whatever looks like a capability. */
function found(text: string): string[] {
  const tokens = [access, ...['admin-token', 'executor/token'].map((file) => readFileSync(join(river.dataDir, file), 'utf8').trim())].map(secretOf)
  expect(tokens).not.toContain('')
  return [...leaks(text, [...MARKS, ...tokens]), ...(text.match(/anc_[0-9A-Za-z]{1,40}_[A-Za-z0-9_-]{20,}/g) ?? [])]
}

describe('secrets that a model, a host and a program were given, and told in every way', () => {
  test('were used, and told', async () => {
    expect(heard).toEqual({ tool: 2, access: 1 })
    const results = JSON.stringify(await river.tokens('secret/ways/results'))
    expect(results).toContain('It is ***')
    expect(results).toContain('"stdout":"***')
    const failures = await river.tokens('secret/ways/failures') as { error: { code: string, message: string } }[]
    expect(failures.map(({ error }) => error.code).sort()).toEqual(['agent-failed', 'answer-misfit', ...FAULTS.map(() => 'model-failed')])
    expect(model.calls.filter(({ request }) => request.turn === 4 && request.model === 'main').length).toBeGreaterThan(0)
    expect(streamed).toContain('event: progress')
  })

  test('are in no table of the database', async () => {
    const all = await tables(river)
    expect(all.get('runtime.capabilities')).toMatch(/"hash"/)
    for (const [table, text] of all) expect([table, found(text)]).toEqual([table, []])
  })

  test('are in no line of the logs, of the controller or of the executor', () => {
    expect(river.log.length).toBeGreaterThan(10)
    expect(found(river.log.join('\n'))).toEqual([])
  })

  test('are in no event and no progress that was streamed', () => {
    expect(streamed.length).toBeGreaterThan(5_000)
    expect(found(streamed)).toEqual([])
  })

  test('are in no answer of the API', async () => {
    const { items: [draft] } = await river.client.call(API.listDrafts)
    const { items: [made] } = await river.client.call(API.listProposals, { query: { state: 'open' } })
    expect(draft).toBeDefined()
    const [token] = (await river.client.call(API.listTokens, { params: { session: 'secret', net: 'ways', place: 'results' }, query: {} })).items
    const known = { session: 'secret', net: 'ways', place: 'results', transition: 'work', proposal: String(made!.number), token: token!.id, key: 'none', firing: '1', executor: 'local', scratch: 'none', id: 'none', model: 'main', tool: 'THINK' }
    const answers = await reads(river, known, ['failures', 'memory', 'results'].map((place) => `/v1/sessions/secret/nets/ways/places/${place}/tokens`).concat('/v1/cost?session=secret&by=call', '/v1/proposals?state=all', `/v1/plan?head=drafts/secret/talk-1`))
    expect(answers.get('/v1/sessions/secret/events')!.length).toBeGreaterThan(5_000)
    expect(answers.get(`/v1/proposals/${made!.number}`)).toContain('made')
    for (const [path, text] of [...answers, ['checks', checks] as const]) expect([path, found(text)]).toEqual([path, []])
  })

  test('are in no object of the net repository', () => {
    expect(objects(river)).toContain('made')
    expect(found(objects(river))).toEqual([])
  })

  test('are in no file of the data directory but those of the tokens themselves', () => {
    const holding = files(river.dataDir).filter((file) => found(readFileSync(file, 'latin1')).length > 0)
    expect(holding.map((file) => file.slice(river.dataDir.length + 1)).sort()).toEqual(['admin-token', 'executor/token'])
  })

  test('leave a log of all that can be proven', async () => {
    expect(await river.client.call(API.verify, { params: { session: 'secret' } })).toMatchObject({ ok: true, differences: [] })
  })
})
