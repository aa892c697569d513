import { describe, expect, it } from 'vitest'
import { foldEvent, type FoldableEvent, type FoldedMarking } from '../../../petri/fold.js'
import { insertInbox } from '../../../controller/store/inbox/insert.js'
import { testDatabase } from '../../support/database.js'
import { TestSession } from '../../support/session.js'

const { database } = await testDatabase({ connections: 30 })
let count = 0
const session = () => new TestSession(database, `own-${++count}`)
const chain = `
places: {a: {category: task}, b: {category: task}}
transitions: {one: {kind: pass, in: {x: a}, out: {b: {}}}}
`

describe('adoption of a revision', () => {
  it('puts declared tokens once, keeps context places equal to the file, and leaves the rest alone', async () => {
    const s = session()
    const places = (task: string, context: string) => `places: {t: {category: task, tokens: ${task}}, c: {category: context, tokens: ${context}}, u: {category: task}}`
    await s.apply({ n: places('[1]', '[a, a, b]') })
    await s.engine()
    await s.put('n/c', 'mine')
    await s.apply({ n: places('[1, 2]', '[a, c]') })
    await s.quiet()
    expect(await s.tokens('n/t')).toEqual([1])
    expect((await s.tokens('n/c')).sort()).toEqual(['a', 'c', 'mine'])
  })

  it('keeps the tokens of a place that went, says so, and finds them again when it comes back', async () => {
    const s = session()
    await s.apply({ n: 'places: {a: {category: task}, b: {category: task}}' })
    await s.engine()
    await s.put('n/a', 1)
    await s.apply({ n: 'places: {b: {category: task}}' })
    await s.quiet()
    expect(await s.tokens('n/a')).toEqual([1])
    expect((await s.events('revision.adopted')).at(-1)).toMatchObject({ orphaned: ['n/a'] })
    const [id] = await s.ids('n/a')
    expect(await s.send('move', { tokens: [`${Math.floor(id! / 16_384)}-${id! % 16_384}`], to: 'n/b', by: 'test' })).toMatchObject([{ status: 201 }])
    expect(await s.tokens('n/b')).toEqual([1])
  })

  it('withdraws effects of a changed transition that nobody leased, and lets leased ones end under their revision', async () => {
    const s = session()
    const net = (word: string) => `
places: {todo: {category: task}, done: {category: task}}
transitions: {run: {kind: command, in: {x: todo}, do: {argv: [${word}]}, out: {done: {emit: '${word}'}}}}`
    await s.apply({ n: net('old') })
    await s.engine()
    await s.put('n/todo', 1)
    await s.quietWithEffects(1)
    const [leased] = await database.query<{ firing: number; attempt: number }>(`update runtime.effects set state = 'leased', lease_until = now() + interval '1 hour' where session = $1 returning firing, attempt`, [s.session])
    await s.put('n/todo', 2)
    await s.quietWithEffects(2)
    await s.apply({ n: net('new') })
    await s.until(async () => (await s.events('transition.withdrawn')).length === 1 || undefined)
    await database.query(`update runtime.effects set state = 'settled', settled_at = now() where session = $1 and firing = $2`, [s.session, leased!.firing])
    await s.post('outcome', { ...leased!, executor: 'test', outcome: { status: 'done', result: {} } })
    await s.until(async () => (await s.tokens('n/done')).length === 1 || undefined)
    expect(await s.tokens('n/done')).toEqual(['old'])
    const pending = await database.query<{ request: any }>(`select request from runtime.effects where session = $1 and state = 'pending'`, [s.session])
    expect(pending.map((row) => row.request.request.argv)).toEqual([['new']])
  })
})

describe('one writer a session', () => {
  it('takes over the sessions of a dead engine when its lease has ended, and loses nothing', async () => {
    const s = session()
    await s.apply({ n: chain })
    await database.query(`insert into runtime.engines (engine, host, pid, until) values ('00000000-0000-4000-8000-000000000001', 'gone', 1, now() + interval '300 milliseconds')`)
    await database.query(`update runtime.sessions set owner = '00000000-0000-4000-8000-000000000001' where session = $1`, [s.session])
    await s.engine({ sweepMs: 100 })
    await s.post('put', { place: 'n/a', tokens: [{ data: 1 }], by: 'test' })
    await s.until(async () => (await s.tokens('n/b')).length === 1 || undefined)
  })

  it('lets two engines fight over a session without a double or a gap', async () => {
    const s = session()
    await s.apply({ n: chain })
    await s.engine({ idleMs: 1, sweepMs: 20 })
    await s.engine({ idleMs: 1, sweepMs: 20 })
    for (let n = 0; n < 40; n++) await s.put('n/a', n)
    await s.quiet()
    expect(await s.tokens('n/b')).toEqual(Array.from({ length: 40 }, (_, n) => n))
    const events = await s.events()
    expect(events.map((event) => event['n'])).toEqual(events.map((_, index) => index + 1))
  })

  it('answers the same key with the first decision', async () => {
    const s = session()
    await s.apply({ n: chain })
    await s.engine()
    const row = { session: s.session, kind: 'put', key: 'delivery-1', body: JSON.stringify({ place: 'n/a', tokens: [{ data: 1 }], by: 'x' }) }
    expect(await insertInbox(database, [row, row])).toBe(1)
    database.notify('inbox', s.session)
    await s.until(async () => (await s.tokens('n/b')).length === 1 || undefined)
    expect(await insertInbox(database, [row])).toBe(0)
  })

  it('puts an inbox row aside that cannot be decided, and goes on', async () => {
    const s = session()
    await s.apply({ n: chain })
    await s.engine()
    await insertInbox(database, [
      { session: s.session, kind: 'put', key: null, body: '{"place": "n/a"' },
      { session: s.session, kind: 'nonsense', key: null, body: '{}' },
      { session: s.session, kind: 'put', key: null, body: '{"place":"n/a","tokens":[{"data":"before"},{"data":"nul \\u0000 in it"}],"by":"x"}' },
      { session: s.session, kind: 'move', key: null, body: '{"tokens":"1-0"}' },
    ])
    await s.put('n/a', 'after')
    await s.quiet()
    expect(await s.tokens('n/b')).toEqual(['after'])
    const dead = await database.query<{ kind: string; error: string }>('select kind, error from runtime.inbox_dead where session = $1 order by id', [s.session])
    expect(dead.map((row) => row.kind)).toEqual(['put', 'nonsense', 'put', 'move'])
    expect((await s.events('inbox.poisoned')).length).toBe(4)
  })

  it('takes a snapshot after ten thousand events, from which the fold may start', async () => {
    const s = session()
    await s.apply({ n: chain + '\n' })
    await s.engine()
    for (let round = 0; round < 6; round++) await s.post('put', { place: 'n/a', tokens: Array.from({ length: 2_000 }, (_, n) => ({ data: n })), by: 'test' })
    await s.until(async () => (await s.tokens('n/b')).length === 12_000 || undefined)
    await s.put('n/a', 'last')
    await s.quiet()
    const segments = await database.query<{ at: Date; kind: string; events: string }>('select at, kind, events from runtime.segments where session = $1 order by first', [s.session])
    const start = segments.findLastIndex((segment) => segment.kind === 'snapshot')
    expect(start).toBeGreaterThan(0)
    const marking: FoldedMarking = new Map()
    for (const segment of segments.slice(start)) for (const event of JSON.parse(segment.events) as FoldableEvent[]) expect(foldEvent(marking, event, segment.at.getTime())).toEqual([])
    expect([...marking.values()].filter((token) => token.place === 'n/b')).toHaveLength((await s.tokens('n/b')).length)
  })
})
