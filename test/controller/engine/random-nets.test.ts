import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { incidenceOf } from '../../../petri/analysis/incidence.js'
import { placeInvariants } from '../../../petri/analysis/invariants.js'
import { foldEvent, producedTokens, type FoldableEvent, type FoldedMarking } from '../../../petri/fold.js'
import { readFile } from '../../../petri/read.js'
import { checkRepository } from '../../../petri/doctor/check.js'
import type { Json } from '../../../petri/json.js'
import type { Net } from '../../../petri/net.js'
import type { Database } from '../../../controller/store/database.js'
import { arbitraryRunningNet, type RunningNet } from '../../support/arbitrary-running-net.js'
import { testDatabase } from '../../support/database.js'
import { bindings, consumedIds } from '../../support/model.js'
import { TestSession } from '../../support/session.js'

const { database } = await testDatabase({ connections: 30 })
const LIMITS = 'limits: {depth: 8}'
let count = 0

describe('random nets on the real engine', () => {
  for (const engines of [1, 3]) {
    it(`fire only what the language allows, to a marking that the events add up to, with ${engines} engine${engines > 1 ? 's' : ''}`, async () => {
      await fc.assert(fc.asyncProperty(arbitraryRunningNet.filter(isSound), fc.infiniteStream(fc.nat(99)), async (net, chances) => {
        const s = new TestSession(database, `random-${engines}-${++count}`)
        await s.apply({ n: net.text }, LIMITS)
        const running = []
        for (let started = 0; started < engines; started++) running.push(await s.engine({ idleMs: 30 }))
        await s.post('put', { place: 'n/p0', tokens: [{ data: { v: 0 } }], by: 'test' })
        for (const { place, value } of net.puts) await s.post('put', { place: `n/${place}`, tokens: [{ data: value }], by: 'test' })
        await executeAll(database, s, chances)
        for (const engine of running) await engine.stop()
        await holdAgainstModel(s, s.nets.get('n')!)
      }), { numRuns: engines === 1 ? 120 : 30, endOnFailure: true })
    }, 240_000)
  }
})

function isSound(net: RunningNet): boolean {
  const head = 'apiVersion: agenticos.dev/v1\nkind: Net\nmetadata: {name: n}\n'
  return checkRepository([readFile('nets/s/n.yaml', head + net.text)]).findings.every((finding) => finding.level !== 'error')
}

/** An executor without an outside: takes what is pending and settles it at random, until all is quiet. */
async function executeAll(db: Database, s: TestSession, chances: fc.Stream<number>): Promise<void> {
  let settled = 0
  await s.until(async () => {
    const [row] = await db.query<{ firing: number; attempt: number }>(
      `update runtime.effects set state = 'settled', settled_at = now() where (session, firing) in
         (select session, firing from runtime.effects where session = $1 and state = 'pending' and due_at <= now() limit 1) returning firing, attempt`, [s.session])
    if (row) {
      // A loop through an outcome has no depth: in the end everything fails.
      const chance = ++settled > 30 ? 99 : (chances.next().value as number)
      const outcome = chance < 60
        ? { status: 'done' as const, result: { exitCode: 0, stdout: '', stderr: '', signal: null, durationMs: 1, truncated: false } }
        : { status: 'failed' as const, code: 'test', message: 'as the test wants', retryable: chance < 80, detail: null }
      await s.post('outcome', { firing: row.firing, attempt: row.attempt, executor: 'test', outcome })
      return undefined
    }
    const [state] = await db.query<{ busy: boolean }>(
      `select adopted < generation or coalesce(wake_at <= now(), false) or seq < 1 or exists (select from runtime.inbox i where i.session = s.session)
           or exists (select from runtime.effects e where e.session = s.session and e.state = 'pending') as busy
         from runtime.sessions s where session = $1`, [s.session])
    return state?.busy === false ? true : undefined
  })
}

/** Every event against the brute-force model; then the end against the tables, and against being stuck too early. */
async function holdAgainstModel(s: TestSession, net: Net): Promise<void> {
  const marking: FoldedMarking = new Map()
  const invariants = placeInvariants(incidenceOf([net])).semiflows
  const hasEffects = Object.values(net.transitions).some((transition) => transition.kind === 'command')
  for (const event of (await s.events()) as (FoldableEvent & Record<string, any>)[]) {
    const transition = event.transition === undefined ? undefined : net.transitions[event.transition.split('/')[1]!]
    if (transition && (event.type === 'transition.fired' || event.type === 'transition.started' || (event.type === 'transition.failed' && event.firing === undefined))) {
      const wanted = event.type === 'transition.started' ? event.reserved : event.consumed
      const legal = [...bindings(net, transition, marking)].map((binding) => consumedIds(transition, binding).join())
      expect(legal, `event ${event.n}: ${event.type} of ${event.transition} takes ${wanted?.join()}`).toContain(wanted!.join())
      // Without effects nothing is held and no place is skipped for want of room: then the choice itself is fixed.
      if (!hasEffects && !hasCapacity(net) && event.type === 'transition.fired') expect(wanted!.join()).toBe(legal[0])
    }
    if (event.type === 'transition.fired' || event.type === 'effect.settled') {
      for (const flow of invariants) {
        const weigh = (places: readonly string[]) => places.reduce((sum, place) => sum + (flow.get(place) ?? 0), 0)
        expect(weigh((event.produced ?? []).map((token) => token.place)), `event ${event.n} breaks a P-invariant`).toBe(weigh((event.consumed ?? []).map((id) => marking.get(id)?.place ?? '')))
      }
    }
    for (const token of producedTokens(event, 0)) {
      const capacity = net.places[token.place.split('/')[1]!]?.capacity
      const held = [...marking.values()].filter((one) => one.place === token.place && !event.consumed?.includes(one.id)).length
      if (capacity !== undefined && event.type !== 'token.received') expect(held, `event ${event.n} overfills ${token.place}`).toBeLessThan(capacity + (event.produced?.length ?? 0))
    }
    expect(foldEvent(marking, event, 0)).toEqual([])
  }
  const rows = await s.db.query<{ id: number; place: string; data: Json }>('select id, place, data from runtime.tokens where session = $1 order by id', [s.session])
  const ids = (id: number) => `${Math.floor(id / 16_384)}-${id % 16_384}`
  expect([...marking.values()].map(({ id, place, data }) => ({ id, place, data })).sort((a, b) => (a.id < b.id ? -1 : 1)))
    .toEqual(rows.map((row) => ({ ...row, id: ids(row.id) })).sort((a, b) => (a.id < b.id ? -1 : 1)))
  if (hasCapacity(net)) return
  for (const transition of Object.values(net.transitions)) {
    expect([...bindings(net, transition, marking)].map((binding) => consumedIds(transition, binding)), `${transition.name} is enabled, yet the engine rests`).toEqual([])
  }
}

function hasCapacity(net: Net): boolean {
  return Object.values(net.places).some((place) => place.capacity !== undefined)
}
