import { describe, expect, it } from 'vitest'
import { testDatabase } from '../../support/database.js'
import { TestSession } from '../../support/session.js'

const { database } = await testDatabase({ connections: 20 })
let count = 0
const session = () => new TestSession(database, `fire-${++count}`)

describe('the engine fires pure transitions', () => {
  it('carries tokens through a chain of pass and map and leaves only the last ones in the table', async () => {
    const s = session()
    await s.apply({ chain: `
places: {a: {category: task}, b: {category: task}, c: {category: task}}
transitions:
  one: {kind: pass, in: {x: a}, out: {b: {}}}
  two: {kind: map, in: {x: b}, do: {template: {n: '\${x.n | add(1)}', from: '\${_x.producedBy}'}}, out: {c: {}}}
` })
    await s.engine()
    expect(await s.put('chain/a', { n: 1 }, { n: 2 })).toMatchObject([{ status: 201, id: '2-0' }, { status: 201, id: '2-1' }])
    await s.quiet()
    expect(await s.tokens('chain/c')).toEqual([{ n: 2, from: 'chain/one' }, { n: 3, from: 'chain/one' }])
    expect(await s.tokens('chain/a')).toEqual([])
    expect((await s.events('transition.fired')).map((event) => event['transition'])).toEqual(['chain/one', 'chain/two', 'chain/one', 'chain/two'])
  })

  it('joins by an indexed value, oldest complete combination first, and lets others pass', async () => {
    const s = session()
    await s.apply({ shop: `
places: {orders: {category: task}, payments: {category: task}, paid: {category: task}}
transitions:
  match:
    kind: map
    in: {o: orders, p: {from: payments, where: '$.order == \${o.id}'}}
    do: {template: {order: '\${o.id}', by: '\${p.by}'}}
    out: {paid: {}}
` })
    await s.engine()
    await s.put('shop/orders', { id: 1 }, { id: 2 }, { id: 3 })
    await s.put('shop/payments', { order: 3, by: 'x' }, { order: 9, by: 'y' }, { order: 1, by: 'z' })
    await s.quiet()
    expect(await s.tokens('shop/paid')).toEqual([{ order: 1, by: 'z' }, { order: 3, by: 'x' }])
    await s.put('shop/orders', { id: 9 })
    await s.quiet()
    expect(await s.tokens('shop/paid')).toHaveLength(3)
    expect(await s.tokens('shop/orders')).toEqual([{ id: 2 }])
  })

  it('counts attackers, escalates each once, and puts the rest aside', async () => {
    const s = session()
    await s.apply({ 'ssh-watch': `
params: {threshold: 5}
places:
  lines: {category: task, capacity: 100000, schema: {type: object, required: [text]}}
  failures: {category: task}
  counters: {category: task, key: $.ip}
  alerts: {category: task, key: $.ip, onDuplicate: ignore}
  rest: {category: learning, keep: 3}
transitions:
  failed-login:
    kind: map
    in: {line: {from: lines, where: '$.text MATCHES /Failed password .* from [0-9.]+/'}}
    do: {template: '\${line.text | match(/Failed password for (invalid user )?(?<user>\\S+) from (?<ip>[0-9.]+)/)}'}
    out: {failures: {}}
  count:
    kind: map
    in: {hit: failures, seen: {from: counters, where: '$.ip == \${hit.ip}', optional: true}}
    do: {template: {ip: '\${hit.ip}', count: '\${seen.count | default(0) | add(1)}'}}
    out: {counters: {}}
  raise:
    kind: pass
    in: {hit: {from: counters, where: '$.count >= \${params.threshold}'}}
    out: {alerts: {}}
  other:
    kind: pass
    in: {line: {from: lines, otherwise: true}}
    out: {rest: {}}
` })
    await s.engine()
    const lines = [...Array.from({ length: 11 }, () => ({ text: 'Failed password for root from 1.2.3.4 port 1' })), ...Array.from({ length: 5 }, (_, n) => ({ text: `hello ${n}` })),
      ...Array.from({ length: 3 }, () => ({ text: 'Failed password for invalid user bob from 5.6.7.8 port 1' }))]
    await s.put('ssh-watch/lines', ...lines)
    await s.quiet()
    expect(await s.tokens('ssh-watch/alerts')).toEqual([{ ip: '1.2.3.4', count: 5 }])
    expect(await s.tokens('ssh-watch/counters')).toEqual([{ ip: '1.2.3.4', count: 1 }, { ip: '5.6.7.8', count: 3 }])
    expect(await s.tokens('ssh-watch/rest')).toEqual([{ text: 'hello 2' }, { text: 'hello 3' }, { text: 'hello 4' }])
    expect(await s.put('ssh-watch/lines', 'no object')).toMatchObject([{ status: 422, code: 'schema-misfit' }])
  })
})

describe('data that comes from outside', () => {
  it('is no pattern when RE2 refuses it: nothing matches, and the log says so', async () => {
    const s = session()
    await s.apply({ n: `
places: {lines: {category: task}, asks: {category: task}, found: {category: task}}
transitions:
  find: {kind: map, in: {ask: asks, line: {from: lines, where: '$.text MATCHES \${ask.pattern}'}}, do: {template: '\${line.text}'}, out: {found: {}}}
` })
    await s.engine()
    await s.put('n/lines', { text: 'aaa' })
    await s.put('n/asks', { pattern: '(?=a)' }, { pattern: 'a+' })
    await s.quiet()
    expect(await s.tokens('n/found')).toEqual(['aaa'])
    expect(await s.events('pattern.refused')).toMatchObject([{ transition: 'n/find', pattern: '(?=a)' }])
  })
})
