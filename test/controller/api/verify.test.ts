import { describe, expect, it } from 'vitest'
import { verify } from '../../../controller/api/verify.js'
import { testDatabase } from '../../support/database.js'
import { TestSession } from '../../support/session.js'

const { database } = await testDatabase({ connections: 20 })

describe('verify', () => {
  it('finds a changed event text, a lost tail and a changed history by hash, chain and seal', async () => {
    const s = new TestSession(database, 'sealed')
    await s.apply({ n: 'places: {a: {category: task}, b: {category: task}}\ntransitions: {t: {kind: pass, in: {x: a}, out: {b: {}}}}' })
    const engine = await s.engine()
    for (let n = 0; n < 5; n++) await s.put('n/a', n)
    await s.quiet()
    await engine.stop()
    const [row] = await database.query<{ seq: number; head: string }>('select seq, head from runtime.sessions where session = $1', [s.session])
    const seal = { session: s.session, ...row! }
    expect(await verify(database, s.session, seal)).toMatchObject({ ok: true, differences: [] })
    expect((await verify(database, s.session, { ...seal, head: 'another' })).differences).toMatchObject([{ kind: 'seal' }])
    expect((await verify(database, s.session, { ...seal, seq: seal.seq + 4 })).differences).toMatchObject([{ kind: 'seal', message: expect.stringContaining('lost its tail') as unknown }])
    await database.query('alter table runtime.segments disable trigger user')
    await database.query(`update runtime.segments set events = replace(events, '"by":"test"', '"by":"nobody"') where session = $1 and first = (select max(first) from runtime.segments where session = $1 and events like '%"by":"test"%')`, [s.session])
    expect((await verify(database, s.session, seal)).differences.map((one) => one.kind)).toContain('hash')
  })
})
