// Promise A, around the one statement that changes a session: its connection is cut before, while and after each batch commits, in
// each kind of batch. The engine cannot know which it was; nothing may be lost or done twice.
import { describe, expect, onTestFinished, test } from 'vitest'
import { verify } from '../../controller/api/verify.js'
import { startEngine } from '../../controller/engine/engine.js'
import { createLog } from '../../controller/log.js'
import { openDatabase } from '../../controller/store/database.js'
import { testDatabase } from '../support/database.js'
import { postgresProxy, type Moment } from '../support/postgres-proxy.js'
import { TestSession } from '../support/session.js'

const { database, url } = await testDatabase({ connections: 10 })
const proxy = await postgresProxy(url)
const NET = `
places: {todo: {category: task}, ready: {category: task}, done: {category: task}, counter: {category: context, tokens: [1]}}
transitions:
  check: {kind: pass, in: {x: todo}, out: {ready: {}}}
  work: {kind: command, in: {x: ready, c: counter}, do: {argv: [echo, '\${x}']}, out: {done: {emit: '\${x}'}}}
`
/** In order: adoption; put 0 with its firing and its effect; its outcome; the same of 1; two puts in one batch or two. */
const BATCHES = [1, 2, 3, 4, 5, 6]
const MOMENTS: readonly Moment[] = ['before', 'during', 'after']

let count = 0
async function begin(): Promise<TestSession> {
  const session = new TestSession(database, `cut-${++count}`)
  await session.apply({ n: NET })
  return session
}

/** An engine of its own behind the proxy. */
async function engine(): Promise<void> {
  const db = await openDatabase(proxy.url(url), { connections: 6 })
  const end = new AbortController()
  const { stopped } = await startEngine({ db, log: createLog({ level: 'silent' }), signal: end.signal, sweepMs: 100 })
  onTestFinished(async () => {
    end.abort()
    await stopped
    await db.close()
  })
}

/** What an executor and dispatch would do, until so many are done: each effect's outcome, once. */
async function settle(s: TestSession, done: number): Promise<void> {
  await s.until(async () => {
    const effects = await database.query<{ firing: number, attempt: number }>(
      `update runtime.effects set state = 'settled', settled_at = now() where session = $1 and state = 'pending' returning firing, attempt`, [s.session])
    for (const effect of effects) await s.post('outcome', { ...effect, executor: 'test', outcome: { status: 'done', result: {} } })
    return (await s.tokens('n/done')).length >= done || undefined
  })
}

describe.each(MOMENTS)('a connection cut %s the commit', (moment) => {
  test.each(BATCHES)('of batch %i loses nothing and doubles nothing', async (nth) => {
    const s = await begin()
    const struck = proxy.strike('batch-commit', moment, { nth })
    await engine()
    for (const value of [0, 1]) {
      expect(await s.put('n/todo', value)).toMatchObject([{ status: 201 }])
      await settle(s, value + 1)
    }
    const both = await Promise.all([s.put('n/todo', 2), s.put('n/todo', 3)])
    expect(both.flat().map((verdict) => verdict.status)).toEqual([201, 201])
    await settle(s, 4)
    await struck
    await s.quiet()

    expect((await s.tokens('n/done')).sort()).toEqual([0, 1, 2, 3])
    expect([...await s.tokens('n/todo'), ...await s.tokens('n/ready')]).toEqual([])
    expect(await s.tokens('n/counter')).toEqual([1])
    const events = await s.events()
    expect(events.map((event) => event['n'])).toEqual(events.map((_, index) => index + 1))
    expect(events.filter((event) => event['type'] === 'token.put')).toHaveLength(4)
    expect(events.filter((event) => event['type'] === 'transition.fired')).toHaveLength(4)
    expect(events.filter((event) => event['type'] === 'effect.settled')).toHaveLength(4)
    expect(await verify(database, s.session)).toMatchObject({ ok: true, differences: [], inTransit: 0 })
  })
})
