import { describe, expect, it } from 'vitest'
import { testDatabase } from '../../support/database.js'
import { TestSession } from '../../support/session.js'

const { database } = await testDatabase({ connections: 20 })
let count = 0
async function running(net: string, session = ''): Promise<TestSession> {
  const s = new TestSession(database, `places-${++count}`)
  await s.apply({ n: net }, session)
  await s.engine()
  return s
}

describe('rules of places', () => {
  it('refuse, replace or ignore a second token with a key, each visible in the log', async () => {
    const s = await running(`
places:
  refusing: {category: task, key: $.id}
  replacing: {category: task, key: [$.id, $.kind], onDuplicate: replace}
  ignoring: {category: task, key: $.id, onDuplicate: ignore}
`)
    expect(await s.put('n/refusing', { id: 1 }, { id: 1 }, { id: '1' })).toMatchObject([{ status: 201 }, { status: 409, code: 'duplicate' }, { status: 201 }])
    expect(await s.put('n/replacing', { id: 1, kind: 'a', v: 1 }, { id: 1, kind: 'b' }, { id: 1, kind: 'a', v: 2 })).toMatchObject([{ status: 201 }, { status: 201 }, { status: 201 }])
    expect(await s.put('n/ignoring', { id: 1, v: 1 }, { id: 1, v: 2 })).toMatchObject([{ status: 201 }, { status: 200, code: 'ignored' }])
    expect(await s.tokens('n/refusing')).toEqual([{ id: 1 }, { id: '1' }])
    expect(await s.tokens('n/replacing')).toEqual([{ id: 1, kind: 'b' }, { id: 1, kind: 'a', v: 2 }])
    expect(await s.tokens('n/ignoring')).toEqual([{ id: 1, v: 1 }])
  })

  it('keep the newest tokens and let the oldest go', async () => {
    const s = await running('places: {p: {category: learning, keep: 2}}')
    await s.put('n/p', 1, 2, 3, 4)
    await s.quiet()
    expect(await s.tokens('n/p')).toEqual([3, 4])
    expect(await s.events('token.expired')).toMatchObject([{ reason: 'keep', consumed: ['2-0', '2-1'] }])
  })

  it('let tokens go after their ttl', async () => {
    const s = await running('places: {p: {category: learning, ttl: 50ms}}')
    await s.put('n/p', 1)
    await s.until(async () => (await s.tokens('n/p')).length === 0 || undefined)
    expect(await s.events('token.expired')).toMatchObject([{ reason: 'ttl', consumed: ['2-0'] }])
  })

  it('hold a firing back while the place it feeds is full, and refuse puts with 409', async () => {
    const s = await running(`
places: {from: {category: task}, to: {category: task, capacity: 2}, gate: {category: task}, out: {category: task}}
transitions:
  fill: {kind: pass, in: {x: from}, out: {to: {}}}
  drain: {kind: map, in: {g: gate, x: to}, do: {template: '\${x}'}, out: {out: {}}}
`)
    await s.put('n/from', 1, 2, 3, 4, 5)
    await s.quiet()
    expect(await s.tokens('n/to')).toEqual([1, 2])
    expect(await s.put('n/to', 9)).toMatchObject([{ status: 409, code: 'place-full' }])
    await s.put('n/gate', {}, {})
    await s.quiet()
    expect(await s.tokens('n/to')).toEqual([3, 4])
    await s.put('n/gate', {}, {}, {})
    await s.quiet()
    expect(await s.tokens('n/out')).toEqual([1, 2, 3, 4, 5])
  })

  it('fail a firing whose product misfits, and keep what it took in a dead letter that can be retried', async () => {
    const s = await running(`
places: {from: {category: task}, to: {category: task, schema: {type: object, required: [n], properties: {n: {type: number}}}}}
transitions:
  move: {kind: pass, in: {x: from}, out: {to: {}}}
`)
    await s.put('n/from', { n: 'one' }, { n: 2 })
    await s.quiet()
    expect(await s.tokens('n/to')).toEqual([{ n: 2 }])
    const [letter] = await s.tokens('n/_failed') as [Record<string, any>]
    expect(letter).toMatchObject({ transition: 'move', error: { code: 'schema-misfit', attempts: 1 }, input: { x: { n: 'one' } }, tokens: [{ place: 'n/from', data: { n: 'one' } }] })
    const [id] = await s.ids('n/_failed')
    await s.apply({ n: 'places: {from: {category: task}, to: {category: task}}\ntransitions: {move: {kind: pass, in: {x: from}, out: {to: {}}}}' })
    expect(await s.send('dead', { token: `${Math.floor(id! / 16_384)}-${id! % 16_384}`, verb: 'retry', by: 'test' })).toMatchObject([{ status: 200 }])
    await s.quiet()
    expect(await s.tokens('n/to')).toEqual([{ n: 2 }, { n: 'one' }])
    expect(await s.tokens('n/_failed')).toEqual([])
  })

  it('let a net bind its own dead letters from _failed', async () => {
    const s = await running(`
places: {from: {category: task}, to: {category: task, schema: {type: number}}, told: {category: task}}
transitions:
  move: {kind: pass, in: {x: from}, out: {to: {}}}
  tell: {kind: map, in: {letter: {from: _failed}}, do: {template: {what: '\${letter.transition}', code: '\${letter.error.code}'}}, out: {told: {}}}
`)
    await s.put('n/from', 'x')
    await s.quiet()
    expect(await s.tokens('n/told')).toEqual([{ what: 'move', code: 'schema-misfit' }])
  })

  it('share one place between nets of a session, and let otherwise see the guards of both', async () => {
    const s = new TestSession(database, `places-${++count}`)
    await s.apply({
      a: 'places: {box: {category: task}, small: {category: task}}\ntransitions: {little: {kind: pass, in: {x: {from: box, where: "$.v < 10"}}, out: {small: {}}}}',
      b: 'places: {mine: {shares: a/box}, rest: {category: task}, big: {category: task}}\ntransitions:\n  large: {kind: pass, in: {x: {from: mine, where: "$.v > 20"}}, out: {big: {}}}\n  other: {kind: pass, in: {x: {from: mine, otherwise: true}}, out: {rest: {}}}',
    })
    await s.engine()
    await s.put('b/mine', { v: 1 }, { v: 15 }, { v: 30 })
    await s.quiet()
    expect([await s.tokens('a/small'), await s.tokens('b/big'), await s.tokens('b/rest')]).toEqual([[{ v: 1 }], [{ v: 30 }], [{ v: 15 }]])
  })

  it('send to another session, whose refusals become dead letters there', async () => {
    const from = new TestSession(database, `sender-${++count}`)
    const to = new TestSession(database, `receiver-${count}`)
    const door = { n: `places: {door: {category: task, open: ['sender-*'], schema: {type: number}}, shut: {category: task}}` }
    const sender = { n: `
places: {p: {category: task}, far: {category: task, sends: ${to.session}/n/door}}
transitions: {go: {kind: pass, in: {x: p}, out: {far: {}}}}` }
    await to.apply(door, '', { [from.session]: sender })
    await from.apply(sender, '', { [to.session]: door })
    await from.engine()
    await from.put('n/p', 7, 'no number')
    await to.until(async () => ((await to.tokens('n/door')).length === 1 && (await to.tokens('n/_failed')).length === 1) || undefined)
    expect(await to.tokens('n/door')).toEqual([7])
    expect(await to.tokens('n/_failed')).toMatchObject([{ error: { code: 'send-refused' }, input: { sent: 'no number' } }])
  })
})
