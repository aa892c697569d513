// Promise F for agents: twenty of them at work, and a stop. From its acknowledgement on no model call and no tool call is granted;
// with --now their models' streams end too. After start all go on, and nothing is paid twice.
import { expect, test } from 'vitest'
import { API } from '../../protocol/api.js'
import { agentBed } from '../support/agent-bed.js'
import { leasedAgent } from '../support/capability.js'
import { netText, ready, until } from '../support/merge-net.js'
import type { Reply, ScriptedRequest } from '../support/scripted-model/reply.js'

const AGENTS = 20
const bed = await agentBed()
const { client, db } = bed.api
const net = (name: string): string => netText(name, `places: {tasks: {category: task}, results: {category: task}}
transitions:
  work:
    kind: agent
    in: {task: tasks}
    concurrency: ${AGENTS}
    do: {prompt: 'Go on with \${task.nth}', role: r, maxIterations: 500}
    budget: {usd: 10, per: firing}
    out: {results: {}}
`)
await bed.merge({
  'nets/demo/plain.yaml': net('plain'), 'nets/demo/now.yaml': net('now'), 'nets/other/n.yaml': net('n'),
  'policy.yaml': 'apiVersion: agenticos.dev/v1\nkind: Policy\nbudgets:\n  - {name: all, usd: 1000, per: month}\n',
})
await ready(client, 'other')
await bed.executor({ AGENTICOS_EXECUTOR_CAPACITY: String(2 * AGENTS), AGENTICOS_EXECUTOR_GRACE: '0' })

const lifecycle = (target: string, state: 'stopped' | 'running', now = false) => client.call(API.lifecycle, { body: { target, state, now } })
const states = async (name: string): Promise<string[]> => (await db.query<{ state: string }>('select state from runtime.effects where net = $1 order by firing', [name])).map(({ state }) => state)
const every = (name: string, state: string) => until(async () => {
  const all = await states(name)
  return all.length === AGENTS && all.every((one) => one === state)
})
const granted = async (): Promise<number> => (await db.query<{ count: number }>(`select count(*)::int as count from runtime.calls where kind = 'model'`))[0]!.count
/** Looks, each time at something else, until it is told to end. */
let finish = false
const look = ({ turn }: ScriptedRequest): Reply => ({ calls: [finish ? { name: 'DONE', input: { summary: 'done' } } : { name: 'LIST_PLACES', input: { net: 'plain', limit: 1 + turn % 100 } }] })

/** What was charged is what was recorded, told and added up; nothing is set aside any more. */
async function paidOnce(charged: { readonly calls: number, readonly input: number, readonly output: number }): Promise<void> {
  const [sums] = await until(async () => {
    const rows = await db.query<{ calls: number, micros: number, told: number, tells: number, spent: number, reserved: number }>(`select
      (select count(*)::int from runtime.calls where kind = 'model' and state = 'recorded') as calls, (select sum(micros)::int from runtime.calls) as micros,
      (select count(*)::int from runtime.events where type = 'llm.called') as tells, (select sum((event ->> 'micros')::int)::int from runtime.events where type = 'llm.called') as told,
      (select spent::int from runtime.budgets where scope = 'policy:all') as spent, (select reserved::int from runtime.budgets where scope = 'policy:all') as reserved`)
    return rows[0]!.tells === rows[0]!.calls && rows[0]!.reserved === 0 && rows
  })
  expect(sums).toMatchObject({ told: sums!.micros, spent: sums!.micros })
  expect(sums!.calls).toBe(charged.calls)
}

test('after a stop of everything no call of a model or a tool is granted, and after start all agents go on and pay once', async () => {
  bed.model.script(look)
  for (let nth = 0; nth < AGENTS; nth++) await bed.put('plain/tasks', { nth })
  await every('plain', 'leased')
  await bed.model.arrived(3 * AGENTS)

  // agents of another session that call tools by themselves, as fast as they can
  let acknowledged = false
  let good = 0
  const callers = await Promise.all(Array.from({ length: AGENTS }, () => leasedAgent(db, { session: 'other', transition: 'work', role: 'r' })))
  const calling = Promise.all(callers.map(async ({ token }) => {
    for (let call = 1; ; call++) {
      const after = acknowledged
      const { status } = await fetch(`${bed.api.url}/v1/tools/LIST_PLACES`, { method: 'POST', body: '{}', headers: { 'authorization': `Bearer ${token}`, 'content-type': 'application/json', 'x-agenticos-call': String(call) } })
      expect([after, status]).not.toEqual([true, 200])
      if (status === 401) return
      expect(status).toBe(200)
      good++
    }
  }))
  await until(async () => good >= AGENTS)
  await lifecycle('*', 'stopped')
  acknowledged = true
  const atStop = await granted()
  await calling
  await every('plain', 'held')
  expect(await granted()).toBe(atStop)
  expect(bed.model.calls.length).toBeLessThanOrEqual(atStop)

  await db.query(`delete from runtime.effects where session = 'other'`)
  finish = true
  await lifecycle('*', 'running')
  await until(async () => (await bed.tokens('plain/results')).length === AGENTS)
  expect(bed.model.calls.filter(({ repeated }) => repeated)).toEqual([])
  await paidOnce(bed.model.charged)
}, 120_000)

test('stop --now ends twenty streams in the middle, grants nothing more, keeps the work, and lets it be tried again', async () => {
  const seen = bed.model.calls.length
  bed.model.script(({ turn }) => (turn === 0 ? { calls: [{ name: 'LIST_PLACES', input: { net: 'now' } }] } : { text: 'word '.repeat(5_000), everyMs: 50 }))
  for (let nth = 0; nth < AGENTS; nth++) await bed.put('now/tasks', { nth })
  await bed.model.arrived(seen + 2 * AGENTS)
  await lifecycle('demo', 'stopped', true)
  const atStop = await granted()
  const talking = bed.model.calls.slice(seen).filter(({ request }) => request.turn === 1)
  expect(talking).toHaveLength(AGENTS)
  expect(await Promise.all(talking.map(({ ended }) => ended))).toEqual(talking.map(() => 'cut'))
  const letters = await until(async () => {
    const { items } = await client.call(API.listDead, { params: { session: 'demo' }, query: { limit: 100 } })
    return items.length === AGENTS && items
  })
  for (const letter of letters) expect(letter).toMatchObject({ code: 'cancelled', transition: 'work', data: { error: { detail: { partial: { toolCalls: 1 } } } } })
  expect(await granted()).toBe(atStop)

  bed.model.script(look)
  await lifecycle('demo', 'running')
  for (const { id } of letters) await client.call(API.decideDead, { params: { session: 'demo', token: id }, body: { verb: 'retry' } })
  await until(async () => (await bed.tokens('now/results')).length === AGENTS)
  expect((await client.call(API.listDead, { params: { session: 'demo' }, query: {} })).items).toEqual([])
  await paidOnce(bed.model.charged)
  expect(await client.call(API.verify, { params: { session: 'demo' } })).toMatchObject({ ok: true, differences: [] })
}, 120_000)
