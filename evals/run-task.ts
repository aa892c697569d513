import { isObject, type Json } from '../petri/json.js'
import type { Net } from '../petri/net.js'
import { API } from '../protocol/api.js'
import type { Client } from '../protocol/client.js'
import { differs } from './compare.js'
import { filled, type Fixture } from './reference.js'
import { marked } from './solution.js'
import type { Run, Task } from './task.js'

/** How a task went. */
export interface Score {
  readonly task: string
  readonly passed: boolean
  /** why not, in one sentence; '' when it passed */
  readonly reason: string
  readonly iterations: number
  readonly calls: number
  readonly usd: number
  readonly ms: number
}

const LOOK_MS = 50
/** how long a built net gets to do what is expected of it */
const RUN_MS = 15_000

/** The session of a task: each has one of its own. */
export function sessionOf(task: Pick<Task, 'name'>): string {
  return `eval-${task.name}`
}

/** Asks for one task, judges the proposal, merges it, and runs the net on the task's tokens. */
export async function runTask(client: Client, task: Task, fixture: Fixture, limitMs: number): Promise<Score> {
  const began = performance.now()
  const session = sessionOf(task)
  const reason = await attempt(client, task, session, fixture, limitMs).catch((error: unknown) => (error instanceof Error ? error.message : String(error)))
  const { items } = await client.call(API.cost, { query: { session, by: 'transition' } })
  return {
    task: task.name, passed: reason === '', reason, ms: Math.round(performance.now() - began),
    iterations: await count(client, session, 'llm.called'), calls: await count(client, session, 'tool.called'), usd: items.reduce((sum, row) => sum + row.usd, 0),
  }
}

/** Why it failed; '' when it did not. */
async function attempt(client: Client, task: Task, session: string, fixture: Fixture, limitMs: number): Promise<string> {
  const text = `${filled(task.prompt, fixture)}\n\nThe session is ${session}. ${marked(task)}`
  await client.call(API.putToken, { params: { session, net: 'designer', place: 'requests' }, body: { data: { text }, correlationId: task.name } })
  const reply = await until(limitMs, async () => (await tokens(client, session, 'designer', 'replies'))[0])
  if (reply === undefined) return `no reply within ${Math.round(limitMs / 1000)} s`
  const said = isObject(reply) ? reply : {}
  if (isObject(said['error'])) return `the agent failed: ${String(said['error']['code'])}: ${String(said['error']['message'])}`
  const { items } = await client.call(API.listProposals, { query: { state: 'open', limit: 1000 } })
  const proposal = items.find((one) => one.origin?.agent.startsWith(`${session}/`))
  if (proposal === undefined) return 'it proposed nothing'
  if (!proposal.mergeable) return `its proposal cannot be merged: ${proposal.reason}`
  // of a net that is to be changed the old one stands until the merge is applied
  const before = JSON.stringify((await client.call(API.getNet, { params: { session, net: task.net } }).catch(() => undefined))?.definition)
  await client.call(API.mergeProposal, { params: { proposal: proposal.number }, body: {} })
  const net = await until(60_000, async () => {
    const known = (await client.call(API.listSessions, { query: { limit: 1000 } })).items.find((one) => one.name === session)
    if (known === undefined || known.adopted !== known.generation) return undefined
    const found = await client.call(API.getNet, { params: { session, net: task.net } }).catch(() => undefined)
    return found?.ready === true && JSON.stringify(found.definition) !== before ? (found.definition as unknown as Net) : undefined
  })
  if (net === undefined) return `there is no net ${task.net} that runs`
  const complaints = task.shape.flatMap((judge) => judge(net) ?? [])
  if (complaints.length > 0) return complaints.join('; ')
  for (const run of task.runs) {
    const wrong = await tryRun(client, session, net, run)
    if (wrong !== '') return wrong
  }
  return ''
}

async function tryRun(client: Client, session: string, net: Net, run: Run): Promise<string> {
  for (const [place, list] of Object.entries(run.put ?? {})) {
    for (const data of list) await client.call(API.putToken, { params: { session, net: net.name, place }, body: { data: data as never } })
  }
  for (const which of run.fire ?? []) {
    const wanted = Object.values(net.transitions).filter((transition) => transition.name === which || transition.kind === which || (which === '*' && transition.schedule !== undefined))
    if (wanted.length === 0) return `there is no transition to fire by hand (${which})`
    for (const { name } of wanted) await client.call(API.fire, { params: { session, net: net.name, transition: name } })
  }
  let wrong: string[] = []
  const right = await until(RUN_MS, async () => {
    if (!(await quiet(client, session))) return undefined
    wrong = []
    for (const [place, expected] of Object.entries(run.then)) {
      if (!Object.hasOwn(net.places, place)) return `there is no place ${place}`
      const said = differs(place, await tokens(client, session, net.name, place), expected)
      if (said !== undefined) wrong.push(said)
    }
    return wrong.length === 0 ? '' : undefined
  })
  return right ?? (wrong.length > 0 ? wrong.join('; ') : 'it did not come to rest')
}

/** Whether no effect of the session is under way. */
async function quiet(client: Client, session: string): Promise<boolean> {
  for (const state of ['pending', 'leased'] as const) {
    if ((await client.call(API.listEffects, { query: { session, state, limit: 1 } })).items.length > 0) return false
  }
  return true
}

async function tokens(client: Client, session: string, net: string, place: string): Promise<Json[]> {
  return (await client.call(API.listTokens, { params: { session, net, place }, query: { limit: 1000 } })).items.map((token) => token.data as Json)
}

async function count(client: Client, session: string, type: string): Promise<number> {
  let found = 0
  for (let cursor: string | undefined; ;) {
    const page = await client.call(API.listEvents, { params: { session }, query: { type, limit: 1000, ...(cursor === undefined ? {} : { cursor }) } })
    found += page.items.length
    if (page.next === undefined) return found
    cursor = page.next
  }
}

async function until<T>(ms: number, look: () => Promise<T | undefined>): Promise<T | undefined> {
  const end = performance.now() + ms
  for (;;) {
    const seen = await look()
    if (seen !== undefined) return seen
    if (performance.now() > end) return undefined
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}
