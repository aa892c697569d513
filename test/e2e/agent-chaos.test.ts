// Executor and controller, killed at random points inside runs of agents that design nets. What is paid, drafted, proposed and
// told must be as if nothing had happened. CHAOS_SEED repeats the points; CHAOS_KILLS=50 is the long run, some eight minutes.
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { API } from '../../protocol/api.js'
import { createClient, type Client } from '../../protocol/client.js'
import { testDatabase } from '../support/database.js'
import { freePort, Restartable } from '../support/processes.js'
import type { Reply, ScriptedRequest } from '../support/scripted-model/reply.js'
import { startScriptedModel } from '../support/scripted-model/server.js'
import { scriptedModels } from '../support/scripted-models.js'

const KILLS = Number(process.env['CHAOS_KILLS'] ?? 12)
const LANES = 2
const SEED = Number(process.env['CHAOS_SEED'] ?? Date.now() % 100_000)
const NET = `apiVersion: agenticos.dev/v1
kind: Net
metadata: {name: work}
places: {tasks: {category: task}, results: {category: task}, failures: {category: task}}
transitions:
  work:
    kind: agent
    in: {task: tasks}
    do: {prompt: 'Do talk-\${task.talk} part \${task.part}', role: rw, maxIterations: 20}
    budget: {usd: 1, per: firing}
    retry: {attempts: 50, backoff: 10ms..50ms}
    out: {results: {}, failures: {when: error}}
`
const POLICY = 'apiVersion: agenticos.dev/v1\nkind: Policy\nbudgets:\n  - {name: all, usd: 1000, per: month}\n'

const { url: databaseUrl, database: db } = await testDatabase()
const dataDir = await mkdtemp(join(tmpdir(), 'agenticos-agent-chaos-'))
const model = await startScriptedModel()
const port = await freePort()
const url = `http://127.0.0.1:${port}`
const controller = new Restartable('controller/main.js', { DATABASE_URL: databaseUrl, AGENTICOS_DATA_DIR: dataDir, AGENTICOS_PORT: String(port), AGENTICOS_ONLY: 'engine,reconcile,dispatch,api', AGENTICOS_LOG_LEVEL: 'info' }, 'the controller runs')
let executor: Restartable | undefined
afterAll(async () => {
  await executor?.stop()
  await controller.stop()
  await model.close()
  await rm(dataDir, { recursive: true, force: true })
})

it(`agents whose executor and controller are killed ${KILLS} times (seed ${SEED}) pay each call once, double no draft, lose no token`, async () => {
  model.script(designer)
  await controller.start()
  const client = createClient({ server: url, token: (await readFile(join(dataDir, 'admin-token'), 'utf8')).trim() })
  const bootstrap = await client.call(API.createAccess, { body: { name: 'chaos', kind: 'bootstrap', scopes: [] } as never })
  executor = new Restartable('executor/main.js', {
    AGENTICOS_URL: url, AGENTICOS_EXECUTOR_TOKEN: bootstrap.token, AGENTICOS_EXECUTOR_NAME: 'chaos', AGENTICOS_EXECUTOR_DATA: join(dataDir, 'executor'), AGENTICOS_EXECUTOR_LOG: 'info',
    AGENTICOS_EXECUTOR_MODEL_HOSTS: new URL(model.url).origin,
  }, 'registered')
  await executor.start()
  const files = { 'models.yaml': scriptedModels(model), 'policy.yaml': POLICY, 'nets/demo/work.yaml': NET }
  const { number } = await client.call(API.openProposal, { body: { title: 'chaos', files: Object.entries(files).map(([path, content]) => ({ path, content })) } })
  await client.call(API.mergeProposal, { params: { proposal: number }, body: { comment: '' } })
  await asked('the net runs', async () => (await client.call(API.listSessions)).items.some((one) => one.name === 'demo' && one.adopted === one.generation && one.ready))

  let talks = 0
  let kills = 0
  const lanes = Promise.all(Array.from({ length: LANES }, async () => {
    do {
      const talk = ++talks
      for (const part of [1, 2]) await run(client, talk, part)
    } while (kills < KILLS)
  }))
  const roll = dice(SEED)
  const blows = ['executor', 'controller', 'both'] as const
  for (let blow = 0; kills < KILLS; blow++) {
    // some calls further on than at the last blow, however fast this machine is, and then at any moment
    const next = model.charged.calls + 1 + roll(2)
    await Promise.race([lanes, asked('agents go on', async () => model.charged.calls >= next)])
    await new Promise((resolve) => setTimeout(resolve, roll(300)))
    kills += await strike(blows[blow % blows.length]!)
  }
  await lanes
  await asked('all is told', async () => (await db.query(`select from runtime.inbox where session = 'demo'`)).length === 0)

  // each conversation: both tokens came through, one draft, one proposal, and in it exactly what was designed
  const results = (await tokens(client, 'results')).map((one) => one as { text: string, proposal: number })
  const numbers = Array.from({ length: talks }, (_, at) => at + 1)
  expect(results.map(({ text }) => text).sort()).toEqual(numbers.flatMap((talk) => [1, 2].map((part) => said(talk, part))).sort())
  expect(await tokens(client, 'failures')).toEqual([])
  expect(await tokens(client, 'tasks')).toEqual([])
  expect((await client.call(API.listDead, { params: { session: 'demo' }, query: {} })).items).toEqual([])
  const proposals = (await client.call(API.listProposals, { query: { state: 'open', limit: 500 } as never })).items
  expect(proposals.map((one) => one.origin?.conversation).sort()).toEqual(numbers.map((talk) => `talk-${talk}`).sort())
  expect(new Set(results.map(({ text, proposal }) => `${text.split(' ')[0]} ${proposal}`)).size).toBe(talks)
  expect(proposals.filter((one) => one.origin?.requests !== 2).map((one) => [one.number, one.origin])).toEqual([])
  expect(git('for-each-ref', '--format=%(refname)', 'refs/heads/drafts').trim().split('\n').sort()).toEqual(numbers.map((talk) => `refs/heads/drafts/demo/talk-${talk}`).sort())
  for (const talk of numbers) {
    const changed = git('diff', '--name-only', 'refs/heads/main', `refs/heads/drafts/demo/talk-${talk}`).trim()
    expect(changed).toBe(`nets/demo/echo-${talk}.yaml`)
    expect(git('show', `refs/heads/drafts/demo/talk-${talk}:${changed}`).replaceAll(`echo-${talk}`, 'echo-1')).toBe(git('show', 'refs/heads/drafts/demo/talk-1:nets/demo/echo-1.yaml'))
  }

  // each call was paid once, and is told once
  expect(await db.query('select name, input, output from runtime.calls where refused')).toEqual([])
  const calls = await db.query<{ kind: string, state: string, refused: boolean, count: number, micros: number }>('select kind, state, refused, count(*)::int as count, sum(micros)::int as micros from runtime.calls group by 1, 2, 3 order by 1')
  expect(calls).toMatchObject([{ kind: 'model', state: 'recorded', refused: false }, { kind: 'tool', state: 'recorded', refused: false }])
  expect(calls[0]!.count).toBe(model.charged.calls)
  const called = await db.query<{ event: { firing: number, call: number, micros: number, usage: { input: number, output: number } } }>(`select event::json as event from runtime.events where session = 'demo' and type = 'llm.called'`)
  expect(called.length).toBe(new Set(called.map(({ event }) => `${event.firing}/${event.call}`)).size)
  expect(called.length).toBe(model.charged.calls)
  const micros = called.reduce((sum, { event }) => sum + event.micros, 0)
  expect(micros).toBe(model.charged.input + 2 * model.charged.output)
  const [spend] = await db.query<{ micros: number, calls: number }>('select sum(micros)::int as micros, sum(calls)::int as calls from runtime.spend')
  expect(spend).toEqual({ micros, calls: model.charged.calls })
  expect(await db.query(`select spent, reserved from runtime.budgets where scope = 'policy:all'`)).toEqual([{ spent: micros, reserved: 0 }])
  expect(await db.query('select scope from runtime.budgets where reserved <> 0')).toEqual([])
  // never told twice; a process that dies between the proposal and its note leaves it untold, and the proposal itself is there
  for (const { number: proposal } of proposals) expect((await db.query(`select from runtime.events where session = 'demo' and type = 'proposal.opened' and (event ->> 'proposal')::int = $1`, [proposal])).length).toBeLessThanOrEqual(2)
  expect(await client.call(API.verify, { params: { session: 'demo' } })).toMatchObject({ ok: true, differences: [] })
}, 1_200_000)

const said = (talk: number, part: number): string => `talk-${talk} part ${part}`

/** The model: by conversation, part and turn it says the same whenever it is asked, slowly enough to be killed meanwhile. */
function designer({ first, turn }: ScriptedRequest): Reply {
  const [, talk, part] = /Do talk-(\d+) part (\d)/.exec(first)!
  const net = `echo-${talk}`
  const steps = part === '1' ? [
    [['LIST_PLACES', { net: 'work' }], ['LIST_SESSION_NETS', { session: 'demo' }]],
    [['CREATE_NET', { net, title: 'Echoes' }], ['CREATE_PLACE', { net, place: 'asked' }], ['CREATE_PLACE', { net, place: 'answered', category: 'learning', keep: 10 }]],
    [['CREATE_TRANSITION', { net, transition: 'echo', kind: 'map', do: { template: { said: '${asked.text}' } } }], ['CREATE_ARC', { net, from: 'asked', to: 'echo' }], ['CREATE_ARC', { net, from: 'echo', to: 'answered' }]],
    [['GET_NET_STRUCTURE', { net, ref: 'draft' }]],
  ] : [
    [['GET_NET_STRUCTURE', { net, ref: 'draft' }]],
    [['CREATE_PLACE', { net, place: 'later' }], ['CREATE_ARC', { net, from: 'echo', to: 'later' }]],
  ]
  const calls = steps[turn] ?? [['DONE', { summary: said(Number(talk), Number(part)) }]]
  return { text: 'Now comes what I do next, in some words of mine.', calls: calls.map(([name, input]) => ({ name: name as string, input: input as never })), everyMs: 10 }
}

/** One request of a conversation, until its result is there. */
async function run(client: Client, talk: number, part: number): Promise<void> {
  await asked('the token is put', async () => {
    const { status } = await client.call(API.putToken, { params: { session: 'demo', net: 'work', place: 'tasks' }, body: { data: { talk, part }, correlationId: `talk-${talk}` }, key: `${talk}-${part}` })
    return status < 300
  })
  await asked(`${said(talk, part)} is done`, async () => (await tokens(client, 'results')).some((one) => (one as { text: string }).text === said(talk, part)) || (await tokens(client, 'failures')).length > 0)
}

async function tokens(client: Client, place: string): Promise<unknown[]> {
  return (await client.call(API.listTokens, { params: { session: 'demo', net: 'work', place }, query: { limit: 500 } })).items.map((token) => token.data)
}

/** How many processes were killed. */
async function strike(what: 'executor' | 'controller' | 'both'): Promise<number> {
  const struck = [...(what === 'executor' ? [] : [controller]), ...(what === 'controller' ? [] : [executor!])]
  await Promise.all(struck.map((one) => one.kill()))
  await Promise.all(struck.map((one) => one.start()))
  return struck.length
}

function git(...args: string[]): string {
  return execFileSync('git', ['--git-dir', join(dataDir, 'nets.git'), ...args], { encoding: 'utf8' })
}

/** Numbers below `most` that look random and are the same for a seed. */
function dice(seed: number): (most: number) => number {
  let state = (seed * 2_654_435_761 + 1) % 4_294_967_296
  return (most) => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return Math.floor(state / 4_294_967_296 * most)
  }
}

/** Asks until the answer is yes; what is down or restarting is asked again. */
async function asked(what: string, question: () => Promise<boolean>): Promise<void> {
  let last: unknown
  for (let round = 0; round < 6_000; round++) {
    try {
      if (await question()) return
    } catch (error) {
      last = error
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${what}: it did not come (seed ${SEED}); controller: ${controller.lines.slice(-8).join('\n')}\nexecutor: ${executor?.lines.slice(-8).join('\n')}`, { cause: last })
}
