import { beforeAll, describe, expect, it } from 'vitest'
import { API } from '../../../protocol/api.js'
import { testApi, type TestApi } from '../../support/api.js'
import { mergeNets, until } from '../../support/merge-net.js'

let api: TestApi
const NET = `places:
  inbox: {category: task}
  done: {category: task}
  jobs: {category: task}
transitions:
  move: {kind: pass, in: {x: inbox}, out: {done: {}}}
  work: {kind: command, in: {x: jobs}, do: {argv: [echo, hello]}, out: {done: {}}}
`
beforeAll(async () => {
  api = await testApi({ whole: true })
  await mergeNets(api, 'demo', { mail: NET })
  await mergeNets(api, 'other', { mail: NET })
})

const place = (name: string, session = 'demo') => ({ session, net: 'mail', place: name })
const put = (name: string, data: unknown, session = 'demo') => api.client.call(API.putToken, { params: place(name, session), body: { data: data as never } })
const count = async (name: string, session = 'demo') =>
  (await api.client.call(API.listPlaces, { params: { session } })).items.find((item) => item.name === name)!.tokens
const set = (target: string, state: 'running' | 'stopped', more: object = {}) => api.client.call(API.lifecycle, { body: { target, state, ...more } })
const effects = async (state?: 'pending' | 'held' | 'leased') => (await api.client.call(API.listEffects, { query: { session: 'demo', state } })).items

describe('stop and start', () => {
  it('stop a transition, and only that', async () => {
    await set('demo/mail/move', 'stopped', { reason: 'too loud' })
    await put('inbox', 1)
    await put('inbox', 2, 'other')
    await until(async () => (await count('done', 'other')) === 1)
    expect(await count('inbox')).toBe(1)
    const { items } = await api.client.call(API.listTransitions, { params: { session: 'demo' } })
    expect(items.find((item) => item.name === 'move')).toMatchObject({ state: 'stopped', message: 'demo/mail/move stopped by admin: too loud' })
    await set('demo/mail/move', 'running')
    await until(async () => (await count('inbox')) === 0)
  })

  it('a narrower start does not lift a wider stop', async () => {
    await set('demo', 'stopped')
    await set('demo/mail/move', 'running')
    await put('inbox', 3)
    expect((await api.client.call(API.getSession, { params: { session: 'demo' } })).state).toBe('stopped')
    expect(await count('inbox')).toBe(1)
    await set('demo', 'running')
    await until(async () => (await count('inbox')) === 0)
  })

  it('hold pending effects and free them again, but for those that another stop covers', async () => {
    await put('jobs', 'a')
    await until(async () => (await effects('pending')).length === 1)
    expect(await set('demo', 'stopped')).toMatchObject({ effects: 1, leased: [], sessions: ['demo'] })
    expect(await effects('held')).toHaveLength(1)
    await set('demo/mail', 'stopped')
    expect(await set('demo', 'running')).toMatchObject({ effects: 0 })
    expect(await effects('held')).toHaveLength(1)
    expect(await set('demo/mail', 'running')).toMatchObject({ effects: 1 })
    expect(await effects('pending')).toHaveLength(1)
  })

  it('tell what is still leased, and cancel it only when told to', async () => {
    await api.db.query(`update runtime.effects set state = 'leased', executor = 'x', lease = gen_random_uuid(), leased_at = now(), lease_until = now() + interval '1 hour' where state = 'pending'`)
    const calm = await set('demo', 'stopped')
    expect(calm.leased).toMatchObject([{ transition: 'work', executor: 'x', cancel: '' }])
    const now = await set('demo', 'stopped', { now: true })
    expect(now.leased[0]!.cancel).toContain('stopped by admin')
    await set('demo', 'running')
  })

  it('reach everything with *', async () => {
    expect((await set('*', 'stopped')).sessions).toEqual(['demo', 'other'])
    await put('inbox', 4)
    await put('inbox', 4, 'other')
    expect([await count('inbox'), await count('inbox', 'other')]).toEqual([1, 1])
    expect((await api.client.call(API.status)).stopped).toContain('*')
    await set('*', 'running')
    await until(async () => (await count('inbox')) + (await count('inbox', 'other')) === 0)
  })

  it('name what there is not', async () => {
    for (const target of ['dem', 'demo/mial', 'demo/mail/moev']) {
      await expect(set(target, 'stopped')).rejects.toMatchObject({ problem: { status: 404, remedy: expect.stringContaining('did you mean') as unknown } })
    }
    await expect(set('Demo', 'stopped')).rejects.toMatchObject({ problem: { status: 400 } })
    await expect(set('demo/a/b/c', 'stopped')).rejects.toMatchObject({ problem: { status: 400 } })
  })

  it('hold under load: after the answer nothing of it fires', async () => {
    for (let round = 0; round < 5; round++) {
      const load = api.client.call(API.putTokens, { params: place('inbox'), body: Array.from({ length: 1_500 }, (_, n) => n) })
      const stopped = await set('demo', 'stopped')
      expect(stopped.state).toBe('stopped')
      const rows = await api.db.query<{ seq: number }>(`select seq from runtime.sessions where session = 'demo'`)
      await load
      await until(async () => (await api.client.call(API.getSession, { params: { session: 'demo' } })).inbox === 0)
      const { items } = await api.client.call(API.listEvents, { params: { session: 'demo' }, query: { after: rows[0]!.seq, type: 'transition', limit: 1000 } })
      expect(items).toEqual([])
      await set('demo', 'running')
      await until(async () => (await count('inbox')) === 0)
    }
    expect(await api.client.call(API.verify, { params: { session: 'demo' } })).toMatchObject({ ok: true })
  })
})

describe('firing by hand', () => {
  it('fires one binding, or says why none', async () => {
    await set('demo/mail/move', 'stopped')
    await put('inbox', 'a')
    await put('inbox', 'b')
    const fired = await api.client.call(API.fire, { params: { session: 'demo', net: 'mail', transition: 'move' }, body: {} })
    expect(fired.verdicts[0]!.status).toBeLessThan(300)
    expect(await count('inbox')).toBe(1)
    await set('demo/mail/move', 'running')
    await until(async () => (await count('inbox')) === 0)
    await expect(api.client.call(API.fire, { params: { session: 'demo', net: 'mail', transition: 'move' }, body: {} })).rejects.toMatchObject({ problem: { status: 409 } })
    await expect(api.client.call(API.fire, { params: { session: 'demo', net: 'mail', transition: 'mvoe' } })).rejects.toMatchObject({ problem: { status: 404 } })
  })
})
