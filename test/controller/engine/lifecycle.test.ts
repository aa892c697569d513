import { describe, expect, it } from 'vitest'
import { insertInbox } from '../../../controller/store/inbox/insert.js'
import { writeLifecycle } from '../../../controller/store/lifecycle/write.js'
import { raiseFences } from '../../../controller/store/sessions/fence.js'
import { lockSessions } from '../../../controller/store/sessions/lock.js'
import { testDatabase } from '../../support/database.js'
import { TestSession } from '../../support/session.js'

const { database } = await testDatabase({ connections: 20 })
let count = 0

class Operated extends TestSession {
  /** Stops or starts as the API does. */
  async set(state: 'running' | 'stopped', net = '', transition = '', shiftMs = 0): Promise<void> {
    await this.db.transaction(async (tx) => {
      await lockSessions(tx, this.session)
      await raiseFences(tx, [this.session])
      await writeLifecycle(tx, this.session, net, transition, state, 'test', '')
      await insertInbox(tx, [{ session: this.session, kind: 'lifecycle', key: null, body: JSON.stringify({ net, transition, state, by: 'test', reason: '', shiftMs }) }])
    })
    this.db.notify('inbox', this.session)
  }
}
const chain = `
places: {a: {category: task}, b: {category: task}, c: {category: task}}
transitions:
  one: {kind: pass, in: {x: a}, out: {b: {}}}
  two: {kind: pass, in: {x: b}, out: {c: {}}}
`
async function running(net: string, session = ''): Promise<Operated> {
  const s = new Operated(database, `lifecycle-${++count}`)
  await s.apply({ n: net }, session)
  await s.engine()
  return s
}

describe('lifecycle', () => {
  it('stops a session at once, still decides its puts, and goes on where it was', async () => {
    const s = await running(chain)
    await s.put('n/a', 1)
    await s.set('stopped')
    await s.put('n/a', 2)
    await s.quiet()
    expect(await s.tokens('n/c')).toEqual([1])
    expect(await s.tokens('n/a')).toEqual([2])
    await s.set('running')
    await s.until(async () => (await s.tokens('n/c')).length === 2 || undefined)
    expect((await s.events('lifecycle.changed')).map((event) => event['state'])).toEqual(['stopped', 'running'])
  })

  it('stops one transition alone, and fires it once by hand all the same', async () => {
    const s = await running(chain)
    await s.set('stopped', 'n', 'two')
    await s.put('n/a', 1, 2)
    await s.quiet()
    expect(await s.tokens('n/b')).toEqual([1, 2])
    expect(await s.send('fire', { net: 'n', transition: 'two', by: 'test' })).toMatchObject([{ status: 200 }])
    await s.quiet()
    expect([await s.tokens('n/b'), await s.tokens('n/c')]).toEqual([[2], [1]])
    expect(await s.send('fire', { net: 'n', transition: 'one', by: 'test' })).toMatchObject([{ status: 409, code: 'nothing-binds' }])
    expect(await s.send('fire', { net: 'n', transition: 'three', by: 'test' })).toMatchObject([{ status: 404 }])
  })

  it('stops a transition after 100 dead letters in a row', async () => {
    const s = await running('places: {a: {category: task}, b: {category: task, schema: {type: number}}}\ntransitions: {one: {kind: pass, in: {x: a}, out: {b: {}}}}')
    await s.put('n/a', ...Array.from({ length: 130 }, () => 'no number'))
    await s.quiet()
    expect(await s.tokens('n/_failed')).toHaveLength(100)
    expect(await s.tokens('n/a')).toHaveLength(30)
    expect(await s.events('lifecycle.changed')).toMatchObject([{ net: 'n', transition: 'one', state: 'stopped', by: 'system' }])
    await s.set('running', 'n', 'one')
    await s.until(async () => (await s.tokens('n/_failed')).length === 130 || undefined)
  })

  it('stops the session at limits.firings, with a condition that names the busiest transition', async () => {
    const s = await running(chain, 'limits: {firings: 5/d}')
    await s.put('n/a', 1, 2, 3, 4, 5, 6)
    await s.quiet()
    expect((await s.events('transition.fired')).length).toBe(5)
    const [row] = await database.query<{ condition: unknown }>('select condition from runtime.sessions where session = $1', [s.session])
    expect(row!.condition).toMatchObject({ reason: 'FiringLimit', message: expect.stringContaining('n/one') as unknown })
  })

  it('stops the session when its log has reached limits.logBytes', async () => {
    const s = await running(chain, 'limits: {logBytes: 2KiB}')
    for (let n = 0; n < 20; n++) await s.put('n/a', { text: 'x'.repeat(100) })
    await s.quiet()
    expect((await s.tokens('n/a')).length).toBeGreaterThan(0)
    const [row] = await database.query<{ condition: unknown }>('select condition from runtime.sessions where session = $1', [s.session])
    expect(row!.condition).toMatchObject({ reason: 'LogLimit' })
  })

  it('turns a token that loops past limits.depth into a dead letter', async () => {
    const s = await running('places: {a: {category: task}, b: {category: task}}\ntransitions:\n  there: {kind: pass, in: {x: a}, out: {b: {}}}\n  back: {kind: pass, in: {x: b}, out: {a: {}}}', 'limits: {depth: 10}')
    await s.put('n/a', 1)
    await s.quiet()
    expect(await s.tokens('n/_failed')).toMatchObject([{ error: { code: 'loop-limit' } }])
    expect((await s.events('transition.fired')).length).toBe(10)
  })

  it('lets nothing fall due while stopped, and puts it off by the stopped time when asked', async () => {
    const s = await running('places: {a: {category: task}, b: {category: task}}\ntransitions: {late: {kind: pass, in: {x: {from: a, after: 1h}}, out: {b: {}}}}')
    await s.put('n/a', 1)
    await s.quiet()
    const born = async () => (await database.query<{ at: Date }>('select created_at as at from runtime.tokens where session = $1', [s.session]))[0]!.at.getTime()
    const before = await born()
    await s.set('stopped')
    // pretend that the token came long before the stop
    await s.quiet()
    await s.set('running', '', '', 1)
    await s.quiet()
    await s.until(async () => (await born()) === before + 1 || undefined)
    const [event] = (await s.events('lifecycle.changed')).slice(-1)
    expect(event).toMatchObject({ state: 'running', shifted: { places: ['n/a'], ms: 1 } })
  })
})

describe('time', () => {
  it('fires after a time, once, though nothing else happens', async () => {
    const s = await running('places: {a: {category: task}, b: {category: task}}\ntransitions: {late: {kind: pass, in: {x: {from: a, after: 60ms}}, out: {b: {}}}}')
    await s.put('n/a', 1)
    expect(await s.tokens('n/b')).toEqual([])
    await s.until(async () => (await s.tokens('n/b')).length === 1 || undefined)
  })

  it('fires a source at each tick, and spends a tick that nothing binds to', async () => {
    const s = await running(`
places: {a: {category: task}, b: {category: learning, keep: 5}}
transitions:
  source: {kind: map, schedule: {every: 500ms}, do: {template: {at: '\${_firing.at}'}}, out: {b: {}}}
  idle: {kind: pass, schedule: {every: 500ms}, in: {x: a}, out: {b: {}}}
`)
    await s.until(async () => ((await s.tokens('n/b')).length >= 2 && (await s.events('tick.spent')).length >= 1) || undefined)
    expect((await s.events('tick.spent'))[0]).toMatchObject({ transition: 'n/idle' })
  })

  it('passes over a token whose value is at its rate, and fires it when the window has moved on', async () => {
    const s = await running(`
places: {a: {category: task}, b: {category: task}}
transitions: {slow: {kind: pass, rate: {limit: 1/s, per: '\${x.who}'}, in: {x: a}, out: {b: {}}}}
`)
    await s.put('n/a', { who: 'ann', n: 1 }, { who: 'ann', n: 2 }, { who: 'bob', n: 3 })
    await s.until(async () => (await s.tokens('n/b')).length === 3 || undefined)
    expect((await s.tokens('n/b')).map((token) => (token as { n: number }).n)).toEqual([1, 3, 2])
    const at = (await database.query<{ at: Date }>(`select at from runtime.events where session = $1 and type = 'transition.fired' order by n`, [s.session])).map((row) => row.at.getTime())
    expect(at[2]! - at[0]!).toBeGreaterThanOrEqual(1_000)
  })
})

describe('rest', () => {
  it('is what the row says when nothing can fire, though a batch was too full to find out', async () => {
    const s = await running(chain)
    await s.set('stopped')
    for (let round = 0; round < 6; round++) await s.post('put', { place: 'n/a', tokens: Array.from({ length: 1_000 }, (_, n) => ({ data: { n, text: 'x'.repeat(1_000) } })), by: 'test' })
    await s.quiet()
    expect((await s.ids('n/a')).length).toBe(6_000)
  })
})
