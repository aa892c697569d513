import { beforeEach, expect, test } from 'vitest'
import fc from 'fast-check'
import { costMicros } from '../../../petri/models.js'
import { AGENT, ledgerBed } from '../../support/ledger-bed.js'
import { sweepEffects } from '../../../controller/store/effects/sweep.js'
import { TRUE } from '../../support/dispatch-bed.js'

const bed = await ledgerBed()

beforeEach(async () => {
  await bed.database.query(`truncate runtime.effects, runtime.inbox, runtime.lifecycle, runtime.calls, runtime.budgets, runtime.spend, runtime.capabilities, design.generations, design.nets`)
  await bed.settings([{}])
})

const usage = { input: 90, cached: 0, output: 10 }

test('a leased agent brings its model, those it falls back to, and a capability of which the database has the hash alone', async () => {
  await bed.settings([{ name: 'first', fallback: ['second'], key: 'env:KEY' }, { name: 'second' }], { agents: [{ sessions: ['demo'], role: 'rwl', merge: [] }] })
  await bed.add({ firing: 1, request: AGENT }, { firing: 2, request: { kind: 'llm', prompt: 'say' } }, { firing: 3, request: { kind: 'llm', prompt: 'say', model: 'unheard-of' } })
  const who = await bed.registered()
  const effects = await bed.leased(who)
  const [agent, llm, unknown] = [1, 2, 3].map((firing) => effects.find((effect) => effect.firing === firing)!)
  expect(agent!.models).toMatchObject([{ name: 'first', key: 'env:KEY' }, { name: 'second' }])
  expect(agent!.capability).toMatch(/^anc_[0-9a-f]{16}_[\w-]{43}$/)
  expect(agent!.resumes).toBeUndefined()
  expect([llm!.capability, unknown!.models]).toEqual([undefined, []])
  const rows = await bed.database.query<{ role: string }>('select * from runtime.capabilities')
  expect(rows).toMatchObject([{ session: 'demo', firing: 1, attempt: 1, lease: agent!.lease, role: 'rwl' }])
  expect(JSON.stringify(rows)).not.toContain(agent!.capability!.split('_')[2])
})

test('commands are leased as they were', async () => {
  await bed.add({ firing: 1, request: TRUE })
  const { json } = await bed.post('register', await bed.bootstrap(), { name: 'plain', labels: {}, capacity: 1, kinds: ['command'], version: '1', protocol: 1, host: 'here', fresh: true })
  const [effect] = await bed.leased({ name: 'plain', token: json.token })
  expect(Object.keys(effect!).filter((key) => ['models', 'capability', 'resumes'].includes(key))).toEqual([])
})

test('a granted call sets its most aside, and recording it turns that into what it cost, with an event and a row of spend', async () => {
  await bed.budgets('demo', { session: { usd: 1, per: 'day' }, net: { usd: 0.5, per: 'hour' }, transition: { usd: 0.25, per: 'month' } })
  await bed.settings([{}], { budgets: [{ name: 'all', sessions: ['*'], micros: 2_000_000, per: 'day' }, { name: 'others', sessions: ['prod-*'], micros: 1, per: 'day' }] })
  await bed.add({ firing: 1, request: AGENT })
  const who = await bed.registered()
  const [of] = await bed.leased(who)
  expect(await bed.grant(who, { of: of! })).toEqual([{ verdict: 'granted', reserved: 200 }])
  const scopes = ['session:demo', 'net:demo/net', 'transition:demo/net/work', 'policy:all']
  expect(await Promise.all(scopes.map(bed.money))).toMatchObject([1_000_000, 500_000, 250_000, 2_000_000].map((most) => ({ most, spent: 0, reserved: 200 })))
  expect(await bed.money('policy:others')).toBeUndefined()
  expect(await bed.record(who, { of: of!, usage })).toEqual([{ verdict: 'recorded', micros: 110 }])
  expect(await Promise.all(scopes.map(bed.money))).toMatchObject(scopes.map(() => ({ spent: 110, reserved: 0 })))
  expect(await bed.database.query('select session, net, transition, model, calls, input, output, micros from runtime.spend')).toEqual([
    { session: 'demo', net: 'net', transition: 'work', model: 'priced', calls: 1, input: 90, output: 10, micros: 110 }])
  expect(await bed.notes()).toMatchObject([{
    type: 'llm.called', transition: 'net/work', firing: 1, call: 1, model: 'priced', purpose: 'step', usage, micros: 110, usd: 0.00011, durationMs: 7,
    sent: [{ role: 'user', text: 'do it' }], answer: { text: 'so be it', calls: [], stop: 'end' }, executor: who.name,
  }])
})

test('a second record of a call is repeated and costs nothing; a second grant keeps what is set aside, or brings the answer', async () => {
  await bed.budgets('demo', { session: { usd: 1, per: 'day' } })
  await bed.add({ firing: 1, request: AGENT })
  const who = await bed.registered()
  const [of] = await bed.leased(who)
  await bed.grant(who, { of: of! })
  expect(await bed.grant(who, { of: of! }, { of: of! })).toEqual([{ verdict: 'granted', reserved: 200 }, { verdict: 'granted', reserved: 200 }])
  expect(await bed.money('session:demo')).toMatchObject({ reserved: 200 })
  expect((await bed.record(who, { of: of!, usage }, { of: of!, usage })).map((row) => row.verdict)).toEqual(['recorded', 'repeated'])
  expect(await bed.record(who, { of: of!, usage: { input: 9, cached: 0, output: 9 } })).toEqual([{ verdict: 'repeated', micros: 0 }])
  expect(await bed.grant(who, { of: of! })).toMatchObject([{ verdict: 'recorded', answer: { text: 'so be it' } }])
  expect(await bed.money('session:demo')).toMatchObject({ spent: 110, reserved: 0 })
  expect(await bed.notes()).toHaveLength(1)
})

test('a budget that is used up makes the call wait until its period ends, in words, and tells of it once a firing', async () => {
  await bed.budgets('demo', { session: { usd: 0.0003, per: 'day' } })
  await bed.add({ firing: 1, request: AGENT })
  const who = await bed.registered()
  const [of] = await bed.leased(who)
  await bed.grant(who, { of: of! })
  await bed.record(who, { of: of!, usage })
  for (let round = 0; round < 3; round++) {
    const [verdict] = await bed.grant(who, { of: of!, call: 2 })
    expect(verdict).toMatchObject({ verdict: 'wait', scope: 'session:demo', message: 'budget of session demo: 0.0003 USD per day, 0.00011 spent, 0.00 reserved; this call may cost 0.0002' })
    expect(verdict.until).toBeGreaterThan(0)
    expect(verdict.until).toBeLessThanOrEqual(86_400_000)
  }
  expect((await bed.notes()).filter((note) => note.type === 'budget.exceeded')).toMatchObject([{ firing: 1, call: 2, scope: 'session:demo', transition: 'net/work' }])
})

test('what only others have set aside is asked for again soon', async () => {
  await bed.budgets('demo', { session: { usd: 0.0003, per: 'day' } })
  await bed.add({ firing: 1, request: AGENT }, { firing: 2, request: AGENT })
  const who = await bed.registered()
  const [one, two] = await bed.leased(who)
  const verdicts = await bed.grant(who, { of: one! }, { of: two! })
  expect(verdicts).toMatchObject([{ verdict: 'granted' }, { verdict: 'wait', scope: 'session:demo' }])
  expect(verdicts[1].until).toBeLessThanOrEqual(1_000)
  expect((await bed.notes())).toEqual([])
  await bed.record(who, { of: one!, usage: { input: 1, cached: 0, output: 1 } })
  expect(await bed.grant(who, { of: two! })).toMatchObject([{ verdict: 'granted' }])
})

test('a call that may cost more than a whole budget, or than what is left to its firing, is refused for good', async () => {
  await bed.budgets('demo', { session: { usd: 0.0001, per: 'day' } })
  await bed.budgets('other', { net: { usd: 0.9, per: 'firing' }, transition: { usd: 0.0003, per: 'firing' } })
  await bed.add({ firing: 1, request: AGENT }, { firing: 1, session: 'other', request: AGENT })
  const who = await bed.registered()
  const [demo, other] = (await bed.leased(who)).sort((a, b) => (a.session < b.session ? -1 : 1))
  expect(await bed.grant(who, { of: demo! })).toMatchObject([{ verdict: 'refused', code: 'budget-exceeded', message: expect.stringContaining('more than the whole budget') }])
  expect(await bed.grant(who, { of: other! })).toMatchObject([{ verdict: 'granted' }])
  await bed.record(who, { of: other!, usage })
  expect(await bed.grant(who, { of: other!, call: 2 })).toEqual([{
    verdict: 'refused', code: 'budget-exceeded',
    message: 'budget of each firing of transition other/net/work: 0.0003 USD, 0.00011 spent, 0.00 reserved; this call may cost 0.0002',
  }])
  expect(await bed.money('firing:other/1')).toMatchObject({ period: 'firing', most: 300, spent: 110 })
})

test('a model that is free passes every budget; a model that is gone is refused', async () => {
  await bed.budgets('demo', { session: { usd: 0, per: 'day' } })
  await bed.settings([{ name: 'free', price: { input: 0, cached: 0, output: 0 } }])
  await bed.add({ firing: 1, request: AGENT })
  const who = await bed.registered()
  const [of] = await bed.leased(who)
  expect(await bed.grant(who, { of: of!, model: 'free' })).toEqual([{ verdict: 'granted', reserved: 0 }])
  expect(await bed.grant(who, { of: of!, call: 2, model: 'gone' })).toMatchObject([{ verdict: 'refused', code: 'unknown-model' }])
})

test('a rate makes calls wait for its next window', async () => {
  await bed.settings([{ rate: { limit: 2, window: 3_600_000 } }])
  await bed.add({ firing: 1, request: AGENT })
  const who = await bed.registered()
  const [of] = await bed.leased(who)
  const verdicts = await bed.grant(who, ...[1, 2, 3].map((call) => ({ of: of!, call })))
  expect(verdicts).toMatchObject([{ verdict: 'granted' }, { verdict: 'granted' }, { verdict: 'wait', scope: 'rate:priced', message: 'rate of model priced: its 2 calls per 1h are used up' }])
})

test('usage above what was set aside is booked in full, and the event says by how much', async () => {
  await bed.budgets('demo', { session: { usd: 0.0003, per: 'day' } })
  await bed.add({ firing: 1, request: AGENT })
  const who = await bed.registered()
  const [of] = await bed.leased(who)
  await bed.grant(who, { of: of! })
  expect(await bed.record(who, { of: of!, usage: { input: 1000, cached: 0, output: 0 } })).toEqual([{ verdict: 'recorded', micros: 1000 }])
  expect(await bed.money('session:demo')).toMatchObject({ spent: 1000, reserved: 0 })
  expect(await bed.notes()).toMatchObject([{ over: 800 }])
})

test('a lease that is over, cancelled or under a stop is granted nothing', async () => {
  await bed.add(...[1, 2, 3, 4].map((firing) => ({ firing, request: AGENT })))
  const [who, stranger] = [await bed.registered(), await bed.registered()]
  const effects = await bed.leased(who)
  await bed.database.query(`update runtime.effects set lease_until = now() where firing = 1`)
  await bed.database.query(`update runtime.effects set cancel = 'stopped' where firing = 2`)
  expect((await bed.grant(who, ...effects.map((of) => ({ of })))).map((row) => row.verdict)).toEqual(['lost', 'lost', 'granted', 'granted'])
  expect((await bed.grant(stranger, { of: effects[3]!, call: 2 })).map((row) => row.verdict)).toEqual(['lost'])
  await bed.database.query(`insert into runtime.lifecycle (session, net, transition, state, by) values ('demo', 'net', '', 'stopped', 'ann')`)
  expect((await bed.grant(who, { of: effects[2]!, call: 2 }, { of: effects[3]! })).map((row) => row.verdict)).toEqual(['lost', 'lost'])
})

test('money of a lease that ended is given back, and what that call cost is booked all the same, once', async () => {
  await bed.budgets('demo', { session: { usd: 0.0003, per: 'day' } })
  await bed.add({ firing: 1, request: AGENT }, { firing: 2, request: AGENT })
  const who = await bed.registered()
  const [one, two] = await bed.leased(who)
  await bed.grant(who, { of: one! })
  await bed.settle(who, one!)
  expect(await bed.grant(who, { of: two! })).toMatchObject([{ verdict: 'granted' }])
  expect(await bed.money('session:demo')).toMatchObject({ spent: 0, reserved: 200 })
  expect(await bed.record(who, { of: one!, usage })).toEqual([{ verdict: 'recorded', micros: 110 }])
  expect(await bed.record(who, { of: one!, usage })).toEqual([{ verdict: 'repeated', micros: 0 }])
  expect(await bed.money('session:demo')).toMatchObject({ spent: 110, reserved: 200 })
})

test('the next attempt takes up what was granted, goes on from what was recorded, and pays once', async () => {
  await bed.budgets('demo', { session: { usd: 0.001, per: 'day' } })
  await bed.add({ firing: 1, request: AGENT })
  const [first, second] = [await bed.registered(), await bed.registered()]
  const [before] = await bed.leased(first)
  await bed.grant(first, { of: before! })
  await bed.record(first, { of: before!, usage })
  await bed.grant(first, { of: before!, call: 2 })
  await bed.database.query(`update runtime.effects set state = 'pending', attempt = 2, lease = null, executor = null, lease_until = null`)
  const [after] = await bed.leased(second)
  expect(after).toMatchObject({ attempt: 2, resumes: true })
  const { json } = await bed.post('transcript', second.token, { firing: { session: 'demo', firing: 1, attempt: 2, lease: after!.lease } })
  expect(json.steps).toMatchObject([{ kind: 'model', call: 1, model: 'priced', purpose: 'step', sent: [{ text: 'do it' }], answer: { text: 'so be it' }, micros: 110 }])
  expect(await bed.grant(second, { of: after! }, { of: after!, call: 2 })).toMatchObject([{ verdict: 'recorded' }, { verdict: 'granted', reserved: 200 }])
  expect(await bed.money('session:demo')).toMatchObject({ spent: 110, reserved: 200 })
  // the first one comes back late: the money was spent by whoever tells first
  expect(await bed.record(first, { of: before!, call: 2, usage })).toMatchObject([{ verdict: 'recorded' }])
  expect(await bed.record(second, { of: after!, call: 2, usage })).toMatchObject([{ verdict: 'repeated' }])
  expect(await bed.money('session:demo')).toMatchObject({ spent: 220, reserved: 0 })
  const lost = await bed.post('transcript', first.token, { firing: { session: 'demo', firing: 1, attempt: 1, lease: before!.lease } })
  expect(lost).toMatchObject({ status: 409, json: { code: 'conflict' } })
})

test('work that waits is pending again with its attempt unused, says why, and wakes when the design changes', async () => {
  await bed.add({ firing: 1, request: AGENT })
  const who = await bed.registered()
  const [of] = await bed.leased(who)
  const firing = { session: 'demo', firing: 1, attempt: 1, lease: of!.lease }
  expect((await bed.post('wait', who.token, { firing, scope: 'session:demo', message: 'no money', untilMs: 3_600_000 })).json).toEqual({ released: true })
  expect((await bed.post('wait', who.token, { firing, scope: 'session:demo', message: 'no money' })).json).toEqual({ released: false })
  const rows = await bed.database.query('select state, attempt, executor, waiting, waiting_scope from runtime.effects')
  expect(rows).toEqual([{ state: 'pending', attempt: 1, executor: null, waiting: 'no money', waiting_scope: 'session:demo' }])
  expect(await bed.leased(who)).toEqual([])
  let heard = (): void => {}
  const woken = new Promise<void>((resolve) => { heard = resolve })
  await bed.database.listen(['effects'], () => heard(), () => {}, bed.dispatch.signal)
  bed.database.notify('revision', 'a'.repeat(40))
  await woken
  expect(await bed.leased(who)).toMatchObject([{ firing: 1, attempt: 1 }])
  expect(await bed.database.query('select waiting, waiting_scope from runtime.effects')).toEqual([{ waiting: '', waiting_scope: '' }])
})

test('calls, capabilities and the budget of a firing go when its effect is forgotten', async () => {
  await bed.budgets('demo', { transition: { usd: 1, per: 'firing' } })
  await bed.add({ firing: 1, request: AGENT }, { firing: 2, request: AGENT })
  const who = await bed.registered()
  const [one, two] = await bed.leased(who)
  await bed.grant(who, { of: one! }, { of: two! })
  await bed.settle(who, one!)
  await bed.database.query(`update runtime.effects set settled_at = now() - interval '25 hours' where firing = 1`)
  expect(await sweepEffects(bed.database, 100)).toBe(1)
  const left = await bed.database.query('select firing from runtime.calls union all select firing from runtime.capabilities')
  expect(left).toEqual([{ firing: 2 }, { firing: 2 }])
  expect([await bed.money('firing:demo/1'), await bed.money('firing:demo/2')]).toMatchObject([undefined, { reserved: 200 }])
})

test('a budget that is written in the middle of a day counts what was spent before', async () => {
  await bed.add({ firing: 1, request: AGENT })
  const who = await bed.registered()
  const [of] = await bed.leased(who)
  await bed.grant(who, { of: of! })
  await bed.record(who, { of: of!, usage })
  await bed.budgets('demo', { session: { usd: 0.0003, per: 'day' }, net: { usd: 0.0004, per: 'month' }, transition: { usd: 0.0005, per: 'hour' } })
  expect(await bed.grant(who, { of: of!, call: 2 })).toMatchObject([{ verdict: 'wait', scope: 'session:demo', message: expect.stringContaining('0.00011 spent') }])
  expect(await Promise.all(['session:demo', 'net:demo/net', 'transition:demo/net/work'].map(bed.money))).toMatchObject([{ spent: 110 }, { spent: 110 }, { spent: 0 }])
})

test('what models say is kept though Postgres would not have it', async () => {
  await bed.add({ firing: 1, request: AGENT })
  const who = await bed.registered()
  const [of] = await bed.leased(who)
  await bed.grant(who, { of: of! })
  expect(await bed.record(who, { of: of!, usage, text: 'a\0b\ud800c\\u0000' })).toMatchObject([{ verdict: 'recorded' }])
  expect(await bed.notes()).toMatchObject([{ answer: { text: 'a\uFFFDb\uFFFDc\\u0000' } }])
})

test('progress of a firing is told to listeners, and never of one that the executor does not hold', async () => {
  await bed.add({ firing: 1, request: AGENT })
  const who = await bed.registered()
  await bed.leased(who)
  const heard: any[] = []
  let done = (): void => {}
  const told = new Promise<void>((resolve) => { done = resolve })
  await bed.database.listen(['progress'], (_, items) => {
    heard.push(...items.map((item) => JSON.parse(item)))
    if (heard.some((item) => item.seq === 2)) done()
  }, () => {}, bed.dispatch.signal)
  const item = { session: 'demo', firing: 1, correlation: 'c', seq: 1, type: 'text', text: '€'.repeat(4_000) }
  await bed.post('progress', who.token, { items: [{ ...item, firing: 9 }, item, { ...item, seq: 2, text: 'short' }] })
  await told
  expect(heard.map((one) => [one.firing, one.seq])).toEqual([[1, 1], [1, 2]])
})

test('the database prices calls exactly as the language does', async () => {
  const price = fc.record({ input: fc.nat(10 ** 9), cached: fc.nat(10 ** 9), output: fc.nat(10 ** 9) })
  const tokens = fc.record({ input: fc.nat(10 ** 8), cached: fc.nat(10 ** 8), output: fc.nat(10 ** 7) })
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(price, tokens), { minLength: 1, maxLength: 50 }), async (cases) => {
    const rows = await bed.database.query<{ micros: number }>(
      `select runtime.cost_micros(c -> 'price', (c ->> 'input')::bigint, (c ->> 'cached')::bigint, (c ->> 'output')::bigint) as micros
         from jsonb_array_elements($1) with ordinality as g (c, nth) order by nth`, [JSON.stringify(cases.map(([p, t]) => ({ price: p, ...t })))])
    expect(rows.map((row) => row.micros)).toEqual(cases.map(([p, t]) => costMicros(p, t)))
  }), { numRuns: 30 })
})
