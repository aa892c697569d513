import { beforeEach, expect, test } from 'vitest'
import type { LeasedEffect } from '../../protocol/effect.js'
import { holdEffects } from '../../controller/store/lifecycle/hold.js'
import { writeLifecycle } from '../../controller/store/lifecycle/write.js'
import { lockSessions } from '../../controller/store/sessions/lock.js'
import { AGENT, ledgerBed, type Registered } from '../support/ledger-bed.js'

const bed = await ledgerBed()
const AGENTS = 50
const LIMIT = 10_000

beforeEach(async () => {
  await bed.database.query(`truncate runtime.effects, runtime.inbox, runtime.lifecycle, runtime.calls, runtime.budgets, runtime.spend, runtime.capabilities, design.generations, design.nets`)
  await bed.settings([{}], { budgets: [{ name: 'all', sessions: ['*'], micros: LIMIT, per: 'month' }] })
})

/** As many executors as agents, each with one firing, in two sessions. */
async function agents(): Promise<{ who: Registered, of: LeasedEffect }[]> {
  await bed.add(...Array.from({ length: AGENTS }, (_, at) => ({ session: at % 2 === 0 ? 'demo' : 'prod', firing: at + 1, request: AGENT })))
  const found = []
  for (let at = 0; at < AGENTS; at++) {
    const who = await bed.registered()
    found.push({ who, of: (await bed.leased(who, 1))[0]! })
  }
  return found
}

/** Numbers that look random and are the same in each run. */
function dice(seed: number): (most: number) => number {
  let state = seed * 2_654_435_761 % 4_294_967_296
  return (most) => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state % (most + 1)
  }
}

test('50 agents at once never spend or set aside more than a budget holds, and what is spent is the sum of what they recorded', async () => {
  const all = await agents()
  let over = false
  let watching = true
  const watcher = (async () => {
    while (watching) {
      const rows = await bed.database.query<{ spent: number, reserved: number, most: number }>('select spent, reserved, most from runtime.budgets')
      over ||= rows.some((row) => row.spent + row.reserved > row.most)
    }
  })()
  let told = 0
  let calls = 0
  await Promise.all(all.map(async ({ who, of }, at) => {
    const roll = dice(at + 1)
    for (let call = 1; ;) {
      const most = { input: 1 + roll(400), output: 1 + roll(100) }
      const [verdict] = await bed.grant(who, { of, call, most })
      if (verdict.verdict === 'wait' && verdict.until <= 1_000) continue
      if (verdict.verdict !== 'granted') return expect(verdict).toMatchObject({ verdict: 'wait', scope: 'policy:all' })
      // one in ten is cut off and never tells; its lease ends
      if (roll(9) === 0) {
        await bed.settle(who, of, { status: 'failed', code: 'cut', message: 'cut off', retryable: false, detail: null })
        return
      }
      const [recorded] = await bed.record(who, { of, call, usage: { input: roll(most.input), cached: roll(most.input), output: roll(most.output) } })
      told += recorded.micros
      calls++
      call++
    }
  }))
  watching = false
  await watcher
  expect(over).toBe(false)
  const money = await bed.money('policy:all')
  expect(money).toMatchObject({ most: LIMIT, spent: told })
  expect(money!.spent).toBeLessThanOrEqual(LIMIT)
  expect(calls).toBeGreaterThan(AGENTS / 2)
  const [sums] = await bed.database.query<{ spend: number, rows: number, events: number }>(
    `select (select sum(micros) from runtime.spend)::bigint as spend, (select sum(micros) from runtime.calls)::bigint as rows,
            (select sum((n.note ->> 'micros')::bigint) from runtime.inbox i, jsonb_array_elements(i.body::jsonb -> 'notes') as n (note)
              where n.note ->> 'type' = 'llm.called')::bigint as events`)
  expect(sums).toEqual({ spend: told, rows: told, events: told })
})

test('after a stop is acknowledged no call is granted, however many agents ask', async () => {
  await bed.settings([{}])
  const all = await agents()
  let stopped = false
  const asking = Promise.all(all.filter(({ of }) => of.session === 'demo').map(async ({ who, of }) => {
    for (let call = 1; ; call++) {
      const sentAfter = stopped
      const [{ verdict }] = await bed.grant(who, { of, call })
      expect([sentAfter, verdict]).not.toEqual([true, 'granted'])
      if (verdict === 'lost') return
    }
  }))
  const asked = async () => (await bed.database.query<{ count: number }>('select count(*) as count from runtime.calls'))[0]!.count
  while ((await asked()) < AGENTS * 2);
  await bed.database.transaction(async (tx) => {
    await lockSessions(tx, 'demo')
    await writeLifecycle(tx, 'demo', '', '', 'stopped', 'ann', '')
    await holdEffects(tx, ['demo'], '', '')
  })
  stopped = true
  const atStop = await asked()
  await asking
  expect(await asked()).toBe(atStop)
})
