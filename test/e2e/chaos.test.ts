import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { API } from '../../protocol/api.js'
import { createClient, type Client } from '../../protocol/client.js'
import { freePort, postmasterOf, Restartable } from '../support/processes.js'

const NET = `apiVersion: agenticos.dev/v1
kind: Net
metadata: {name: n}
places:
  todo: {category: task}
  checked: {category: task}
  done: {category: task}
  sums: {category: task, key: $.group}
transitions:
  check: {kind: map, in: {x: todo}, do: {template: {id: '\${x.id}', group: '\${x.group}'}}, out: {checked: {}}}
  work:
    kind: command
    in: {x: checked}
    do: {argv: [echo, 'id', '\${x.id}'], expect: [0]}
    retry: {attempts: 50, backoff: 10ms..50ms}
    concurrency: 64
    out: {done: {emit: {id: '\${x.id}', said: '\${result.stdout | trim}'}}, sums: {emit: {group: '\${x.group}', id: '\${x.id}'}, when: '$.exitCode != 0'}}
`
const ITEMS = 300
const BLOWS = 6

const dataDir = await mkdtemp(join(tmpdir(), 'agenticos-chaos-'))
const port = await freePort()
const url = `http://127.0.0.1:${port}`
const controller = new Restartable('controller/main.js', { AGENTICOS_DATA_DIR: dataDir, AGENTICOS_PORT: String(port), AGENTICOS_ONLY: 'engine,reconcile,dispatch,api', AGENTICOS_LOG_LEVEL: 'info' }, 'the controller runs')
let executor: Restartable | undefined
afterAll(async () => {
  await executor?.stop()
  await controller.stop()
  await rm(dataDir, { recursive: true, force: true })
})

describe('a controller, its executor and its database, killed at random under load', () => {
  it('lose no token, double none, and prove it', async () => {
    await controller.start()
    const client = createClient({ server: url, token: (await readFile(join(dataDir, 'admin-token'), 'utf8')).trim() })
    const bootstrap = await client.call(API.createAccess, { body: { name: 'chaos', kind: 'bootstrap', scopes: [] } as never })
    executor = new Restartable('executor/main.js', { AGENTICOS_URL: url, AGENTICOS_EXECUTOR_TOKEN: bootstrap.token, AGENTICOS_EXECUTOR_NAME: 'chaos', AGENTICOS_EXECUTOR_DATA: join(dataDir, 'executor'), AGENTICOS_EXECUTOR_LOG: 'info' }, 'registered')
    await executor.start()
    const { number } = await client.call(API.openProposal, { body: { title: 'chaos', files: [{ path: 'nets/chaos/n.yaml', content: NET }] } })
    await client.call(API.mergeProposal, { params: { proposal: number }, body: { comment: '' } })
    await asked(async () => (await client.call(API.listSessions)).items.some((one) => one.name === 'chaos' && one.adopted === one.generation))

    const puts = Promise.all(Array.from({ length: 8 }, async (_, lane) => {
      for (let id = lane; id < ITEMS; id += 8) await putOnce(client, id)
    }))
    for (let blow = 0; blow < BLOWS; blow++) {
      await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 900))
      await strike(['controller', 'executor', 'postgres', 'both'][blow % 4]!)
    }
    await puts
    await asked(async () => (await client.call(API.listTokens, { params: { session: 'chaos', net: 'n', place: 'done' }, query: { limit: 500 } })).items.length >= ITEMS)

    const done = await client.call(API.listTokens, { params: { session: 'chaos', net: 'n', place: 'done' }, query: { limit: 500 } })
    const ids = done.items.map((token) => (token.data as { id: number }).id).sort((a, b) => a - b)
    expect(ids).toEqual(Array.from({ length: ITEMS }, (_, id) => id))
    expect(done.items.every((token) => (token.data as { id: number; said: string }).said === `id ${(token.data as { id: number }).id}`)).toBe(true)
    for (const place of ['todo', 'checked']) expect((await client.call(API.listTokens, { params: { session: 'chaos', net: 'n', place }, query: {} })).items).toEqual([])
    expect((await client.call(API.listDead, { params: { session: 'chaos' }, query: {} })).items).toEqual([])
    expect(await client.call(API.verify, { params: { session: 'chaos' } })).toMatchObject({ ok: true, differences: [] })
  }, 300_000)
})

async function strike(what: string): Promise<void> {
  if (what === 'postgres') return void process.kill(postmasterOf(dataDir), 'SIGKILL')
  if (what !== 'executor') await controller.kill()
  if (what !== 'controller') await executor!.kill()
  if (what !== 'executor') await controller.start()
  if (what !== 'controller') await executor!.start()
}

/** Puts until there is an answer; the key makes a repetition harmless. */
async function putOnce(client: Client, id: number): Promise<void> {
  await asked(async () => {
    const answer = await client.call(API.putToken, { params: { session: 'chaos', net: 'n', place: 'todo' }, body: { data: { id, group: id % 7 } }, key: `chaos-${id}` })
    return answer.status < 300
  })
}

/** Asks until the answer is yes; what is down or restarting is asked again. */
async function asked(question: () => Promise<boolean>): Promise<void> {
  let last: unknown
  for (let round = 0; round < 1_200; round++) {
    try {
      if (await question()) return
    } catch (error) {
      last = error
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`the answer stayed no; controller: ${controller.lines.slice(-5).join('\n')}`, { cause: last })
}
