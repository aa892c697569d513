import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import type { LeasedEffect } from '../../../protocol/effect.js'
import { argv, dispatchBed } from '../../support/dispatch-bed.js'

const bed = await dispatchBed()
let count = 0

beforeEach(async () => {
  await bed.database.query('truncate runtime.effects, runtime.workspaces, runtime.inbox, runtime.lifecycle')
})

interface Registered { readonly name: string, readonly token: string }

async function registered(labels: Record<string, string> = {}, kinds = ['command', 'http']): Promise<Registered> {
  const name = `lease-${++count}`
  const body = { name, labels, capacity: 10, kinds, version: '1', protocol: 1, host: 'here', fresh: true }
  const { status, json } = await bed.post('register', await bed.bootstrap(), body)
  expect(status).toBe(200)
  return { name, token: json.token }
}

async function lease(who: Registered, slots = 10, waitMs = 0, more: object = {}): Promise<LeasedEffect[]> {
  const { status, json } = await bed.post('lease', who.token, { poll: randomUUID(), abandoned: [], slots, waitMs, ...more })
  expect(status, JSON.stringify(json)).toBe(200)
  return json.effects
}

test('an executor gets what all labels it lacks none of ask for, and nothing else', async () => {
  await bed.add({ firing: 1 }, { firing: 2, labels: { zone: 'home' } }, { firing: 3, labels: { zone: 'office' } }, { firing: 4, labels: { zone: 'home', gpu: 'yes' } })
  expect((await lease(await registered({ zone: 'home', rack: '7' }))).map((effect) => effect.firing)).toEqual([1, 2])
  expect((await lease(await registered({ zone: 'home', gpu: 'yes' }))).map((effect) => effect.firing)).toEqual([4])
})

test('an executor gets only kinds that it has', async () => {
  await bed.add({ firing: 1 })
  expect(await lease(await registered({}, ['http']))).toEqual([])
  expect(await lease(await registered({}, ['command']))).toHaveLength(1)
})

test('sessions are served in turn, over leases too', async () => {
  await bed.add(...['a', 'b', 'c'].flatMap((session, late) => [1, 2, 3].map((firing) => ({ session, firing, dueMs: -1000 + 100 * late + firing }))))
  const who = await registered()
  const turns: string[] = []
  for (let left = 5; left > 0; left--) turns.push(...(await lease(who, 1)).map((effect) => effect.session))
  expect(turns).toEqual(['a', 'b', 'c', 'a', 'b'])
  expect((await lease(who, 2)).map((effect) => effect.session).sort()).toEqual(['a', 'c'])
  expect((await lease(who, 100)).map((effect) => effect.session).sort()).toEqual(['b', 'c'])
})

test('all slots of a lease are shared out among the sessions', async () => {
  await bed.add(...['a', 'b'].flatMap((session) => Array.from({ length: 30 }, (_, at) => ({ session, firing: at + 1 }))))
  expect((await lease(await registered(), 41)).map((effect) => effect.session).join('')).toMatch(/^a{20}b{20}$/)
})

test('what is not due, held, settled or withdrawn is not leased', async () => {
  await bed.add({ firing: 1, dueMs: 60_000 }, { firing: 2 }, { firing: 3 }, { firing: 4 })
  await bed.database.query(`update runtime.effects set state = (array['held', 'settled', 'withdrawn'])[firing - 1] where firing > 1`)
  expect(await lease(await registered())).toEqual([])
})

test('a waiting lease is answered by work that is put meanwhile', async () => {
  const who = await registered()
  const waiting = lease(who, 10, 20_000)
  await bed.add({ firing: 1 })
  expect(await waiting).toHaveLength(1)
})

test('a waiting lease is answered when an effect falls due', async () => {
  await bed.add({ firing: 1, dueMs: 300 })
  expect(await lease(await registered(), 10, 20_000)).toHaveLength(1)
})

test('of a workspace one command runs at a time, on the executor that has it', async () => {
  await bed.add({ firing: 1, workspace: 'w' }, { firing: 2, workspace: 'w' }, { firing: 3, workspace: 'w', session: 'other' })
  const [one, two] = [await registered(), await registered()]
  const first = await lease(one)
  expect(first.map((effect) => [effect.session, effect.firing, effect.workspace])).toEqual([['demo', 1, 'fresh'], ['other', 3, 'fresh']])
  expect(await lease(one)).toEqual([])
  await settle(one, first[0]!)
  expect(await lease(two)).toEqual([])
  expect((await lease(one)).map((effect) => [effect.firing, effect.workspace])).toEqual([[2, 'kept']])
})

test('racing executors never hold the same effect or the same workspace twice', async () => {
  await bed.add(...Array.from({ length: 200 }, (_, at) => ({ firing: at + 1, workspace: at % 4 === 0 ? `w${at % 3}` : '' })))
  const racers = await Promise.all(Array.from({ length: 6 }, () => registered()))
  const got = (await Promise.all(racers.flatMap((who) => [lease(who, 30), lease(who, 30)]))).flat()
  const [{ rows }] = await bed.database.query<{ rows: number }>(`select count(*) as rows from runtime.effects where state = 'leased'`) as [{ rows: number }]
  expect(new Set(got.map((effect) => effect.firing)).size).toBe(got.length)
  expect(rows).toBeGreaterThanOrEqual(got.length)
  const busy = got.map((effect) => effect.request).flatMap((request) => (request.kind === 'command' && request.workspace ? [request.workspace] : []))
  expect(new Set(busy).size).toBe(busy.length)
})

test('a lease that nobody reads any more gives its work back', async () => {
  const who = await registered()
  const gone = new AbortController()
  const cut = fetch(`${bed.url}/v1/executors/lease`, {
    method: 'POST', signal: gone.signal, headers: { 'authorization': `Bearer ${who.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ poll: randomUUID(), abandoned: [], slots: 5, waitMs: 20_000 }),
  }).catch(() => 'cut')
  await bed.post('heartbeat', who.token, { leases: [], draining: false })
  gone.abort()
  expect(await cut).toBe('cut')
  await bed.add({ firing: 1 })
  expect(await lease(who, 5, 20_000)).toHaveLength(1)
})

test('what an abandoned poll leased is pending again at the next poll, its attempt unused', async () => {
  await bed.add({ firing: 1, workspace: 'w' })
  const who = await registered()
  const [lost] = await lease(who)
  const again = await lease(who, 5, 0, { abandoned: [lost!.lease] })
  expect(again).toMatchObject([{ firing: 1, attempt: 1, workspace: 'fresh' }])
  expect(again[0]!.lease).not.toBe(lost!.lease)
})

test('a revoked token leases nothing, not even by a poll that began before', async () => {
  const who = await registered()
  const waiting = lease(who, 5, 2000)
  await bed.post('heartbeat', who.token, { leases: [], draining: false })
  await bed.database.query('update runtime.access_tokens set revoked_at = now() where name = $1', [who.name])
  await bed.add({ firing: 1 })
  expect(await waiting).toEqual([])
  expect((await bed.post('lease', who.token, { poll: randomUUID(), abandoned: [], slots: 5, waitMs: 0 })).json).toMatchObject({
    status: 401, code: 'unauthenticated', detail: 'the token is unknown, revoked or expired',
  })
  expect((await bed.state(1)).state).toBe('pending')
})

async function settle(who: Registered, effect: LeasedEffect): Promise<void> {
  const { session, firing, attempt, lease: held } = effect
  const { json } = await bed.post('settle', who.token, { outcomes: [{ session, firing, attempt, lease: held, outcome: { status: 'done', result: null } }] })
  expect(json.verdicts).toMatchObject([{ verdict: 'settled' }])
}

test('an effect reaches the executor as the engine wrote it', async () => {
  await bed.add({ firing: 7, request: argv('true', '${x}'), timeoutMs: 1234, credentials: { KEY: 'env:KEY' } })
  expect(await lease(await registered())).toEqual([{
    session: 'demo', firing: 7, attempt: 1, net: 'net', transition: 'work', lease: expect.any(String), leaseMs: 30_000, timeoutMs: 1234,
    idempotencyKey: 'demo-7', credentials: { KEY: 'env:KEY' }, request: argv('true', '${x}'),
  }])
})
