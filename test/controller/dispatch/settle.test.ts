import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import type { LeasedEffect, Outcome } from '../../../protocol/effect.js'
import { INBOX } from '../../../protocol/inbox.js'
import { expire } from '../../../controller/dispatch/expire.js'
import { dispatchBed } from '../../support/dispatch-bed.js'

// Expiry is looked at by hand: the loop of this bed sleeps longer than the file runs.
const bed = await dispatchBed({ lookMs: 3_600_000 })
const DONE: Outcome = { status: 'done', result: { answer: 42 } }
let token = ''

beforeEach(async () => {
  await bed.database.query('truncate runtime.effects, runtime.workspaces, runtime.inbox, runtime.lifecycle')
  token = (await bed.post('register', await bed.bootstrap(), {
    name: 'settler', labels: {}, capacity: 10, kinds: ['command'], version: '1', protocol: 1, host: 'here', fresh: true,
  })).json.token
})

async function leased(...firings: number[]): Promise<LeasedEffect[]> {
  await bed.add(...firings.map((firing) => ({ firing })))
  const { json } = await bed.post('lease', token, { poll: randomUUID(), abandoned: [], slots: 1000, waitMs: 0 })
  expect(json.effects).toHaveLength(firings.length)
  return json.effects
}

const refOf = ({ session, firing, attempt, lease }: LeasedEffect) => ({ session, firing, attempt, lease })

async function settle(effects: readonly LeasedEffect[], outcome: unknown = DONE): Promise<string[]> {
  const { status, json } = await bed.post('settle', token, { outcomes: effects.map((effect) => ({ ...refOf(effect), outcome, durationMs: 5 })) })
  expect(status, JSON.stringify(json)).toBe(200)
  return json.verdicts.map((row: { verdict: string }) => row.verdict)
}

const endLease = (firing: number) =>
  bed.database.query(`update runtime.effects set lease_until = now() - interval '1 second' where firing = $1`, [firing])

test('an outcome is one inbox row, keyed by firing and attempt, as the protocol describes it', async () => {
  const [effect] = await leased(5)
  expect(await settle([effect!])).toEqual(['settled'])
  const [row] = await bed.database.query<{ key: string, body: string }>('select key, body from runtime.inbox')
  expect(row!.key).toBe('outcome:5:1')
  expect(INBOX.outcome.parse(JSON.parse(row!.body))).toEqual({ firing: 5, attempt: 1, executor: 'settler', outcome: DONE, durationMs: 5 })
  expect(row!.body).toBe('{"attempt":1,"durationMs":5,"executor":"settler","firing":5,"outcome":{"result":{"answer":42},"status":"done"}}')
})

test('the same outcome again is repeated, another is a conflict, and neither is a second row', async () => {
  const effects = await leased(1)
  expect(await settle(effects)).toEqual(['settled'])
  expect(await settle(effects)).toEqual(['repeated'])
  expect(await settle(effects, { result: { answer: 42.0 }, status: 'done' })).toEqual(['repeated'])
  expect(await settle(effects, { status: 'done', result: 43 })).toEqual(['conflict'])
  expect(await bed.outcomes()).toHaveLength(1)
})

test('a batch is judged one by one, also when it names a firing twice', async () => {
  const [one, two] = await leased(1, 2) as [LeasedEffect, LeasedEffect]
  expect((await settle([one, { ...two, lease: randomUUID() }, { ...one, firing: 99 }, two, one])).sort()).toEqual(['lost', 'lost', 'repeated', 'settled', 'settled'])
  expect((await bed.outcomes()).map((row) => row.firing).sort()).toEqual([1, 2])
})

test('twenty posts of the same outcome at once settle it once', async () => {
  const effects = await leased(1, 2, 3)
  const verdicts = (await Promise.all(Array.from({ length: 20 }, () => settle(effects)))).flat()
  expect(verdicts.filter((verdict) => verdict === 'settled')).toHaveLength(3)
  expect(verdicts.filter((verdict) => verdict === 'repeated')).toHaveLength(57)
  expect(await bed.outcomes()).toHaveLength(3)
})

test('batches that meet in opposite order do not wait in a circle', async () => {
  const effects = await leased(...Array.from({ length: 200 }, (_, at) => at + 1))
  const beats = { leases: effects.map(refOf).reverse(), draining: false }
  await Promise.all([settle(effects), settle(effects.slice().reverse()), bed.post('heartbeat', token, beats), settle(effects)])
  expect(await bed.outcomes()).toHaveLength(200)
})

test('another executor cannot settle what it does not hold', async () => {
  const effects = await leased(1)
  token = (await bed.post('register', await bed.bootstrap(), {
    name: 'thief', labels: {}, capacity: 1, kinds: ['command'], version: '1', protocol: 1, host: 'here', fresh: true,
  })).json.token
  expect(await settle(effects)).toEqual(['lost'])
  expect((await bed.state(1)).state).toBe('leased')
})

test('a lease that ended is settled as executor-lost, and what comes after it is lost', async () => {
  const effects = await leased(1)
  await endLease(1)
  await expire(bed.dispatch)
  expect(await settle(effects)).toEqual(['lost'])
  const rows = await bed.outcomes()
  expect(rows).toHaveLength(1)
  expect(INBOX.outcome.parse(JSON.parse((await bed.database.query<{ body: string }>('select body from runtime.inbox'))[0]!.body))).toMatchObject({
    firing: 1, attempt: 1, executor: 'settler', outcome: { status: 'failed', code: 'executor-lost', retryable: true },
  })
})

test('an outcome that comes after its lease but before anyone looked counts', async () => {
  const effects = await leased(1)
  await endLease(1)
  expect(await settle(effects)).toEqual(['settled'])
  await expire(bed.dispatch)
  expect(await bed.outcomes()).toMatchObject([{ outcome: DONE }])
})

test('expiry and settling at once give one outcome', async () => {
  const effects = await leased(...Array.from({ length: 50 }, (_, at) => at + 1))
  await bed.database.query(`update runtime.effects set lease_until = now() - interval '1 second'`)
  const [, verdicts] = await Promise.all([expire(bed.dispatch), settle(effects), expire(bed.dispatch)])
  expect(await bed.outcomes()).toHaveLength(50)
  expect(verdicts.every((verdict) => verdict === 'settled' || verdict === 'lost')).toBe(true)
})

test('an outcome of the attempt before is lost once the next one is on its way', async () => {
  const effects = await leased(1)
  await settle(effects)
  await bed.database.query(`update runtime.effects set state = 'pending', attempt = 2, lease = null, executor = null, outcome_hash = null`)
  expect(await settle(effects)).toEqual(['lost'])
  expect(await bed.outcomes()).toHaveLength(1)
})

test('a heartbeat keeps, loses and cancels', async () => {
  const [one, two, three] = await leased(1, 2, 3) as [LeasedEffect, LeasedEffect, LeasedEffect]
  await bed.database.query(`update runtime.effects set cancel = 'stop' where firing = 2`)
  const before = await until(1)
  const { json } = await bed.post('heartbeat', token, { leases: [refOf(one), refOf(two), { ...refOf(three), lease: randomUUID() }], draining: true })
  expect(json).toEqual({ kept: [refOf(one)], cancel: [refOf(two)], lost: [expect.objectContaining({ firing: 3 })] })
  expect(await until(1)).toBeGreaterThan(before)
  expect(await bed.database.query('select state from runtime.executors where executor = $1', ['settler'])).toEqual([{ state: 'draining' }])
})

test('released work is pending again, but held where a stop stands', async () => {
  const effects = await leased(1, 2)
  expect((await bed.post('release', token, { leases: [refOf(effects[0]!)], polls: [] })).json).toEqual({ released: 1 })
  expect(await bed.state(1)).toMatchObject({ state: 'pending', attempt: 1, executor: null })
  await bed.database.query(`insert into runtime.lifecycle (session, net, state, by) values ('demo', 'net', 'stopped', 'me')`)
  expect((await bed.post('release', token, { leases: [refOf(effects[1]!), refOf(effects[1]!)], polls: [] })).json).toEqual({ released: 1 })
  expect((await bed.state(2)).state).toBe('held')
})

test('a release that meets a stop waits for it and holds', async () => {
  const effects = await leased(1)
  let released: Promise<unknown> = Promise.resolve()
  await bed.database.transaction(async (tx) => {
    await tx.query(`select from runtime.sessions where session = 'demo' for update`)
    await tx.query(`insert into runtime.lifecycle (session, state, by) values ('*', 'stopped', 'me')`)
    released = bed.post('release', token, { leases: [], polls: [effects[0]!.lease] })
    while ((await bed.database.query(`select from pg_locks where not granted`)).length === 0);
  })
  await released
  expect((await bed.state(1)).state).toBe('held')
})

async function until(firing: number): Promise<number> {
  const [row] = await bed.database.query<{ ms: number }>('select extract(epoch from lease_until)::float8 as ms from runtime.effects where firing = $1', [firing])
  return row!.ms
}
