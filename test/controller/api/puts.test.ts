import { beforeAll, describe, expect, it } from 'vitest'
import { API } from '../../../protocol/api.js'
import { ProblemError } from '../../../protocol/client.js'
import { testApi, type TestApi } from '../../support/api.js'
import { mergeNets, until } from '../../support/merge-net.js'

let api: TestApi
const NET = `places:
  inbox: {category: task, schema: {type: object, required: [n], properties: {n: {type: integer}}}}
  one: {category: task, capacity: 1}
  keyed: {category: task, key: $.id}
  done: {category: task}
  again: {category: task}
transitions:
  move: {kind: pass, in: {x: inbox}, out: {done: {}}}
  fails: {kind: map, in: {x: again}, do: {template: '\${x.missing}'}, out: {done: {}}}
`
const place = (name: string) => ({ session: 'demo', net: 'mail', place: name })

beforeAll(async () => {
  api = await testApi({ whole: true })
  await mergeNets(api, 'demo', { mail: NET })
})

describe('a put', () => {
  it('is decided by the owner and answers 201 with the id', async () => {
    const answer = await fetch(`${api.url}/v1/sessions/demo/nets/mail/places/done/tokens`, {
      method: 'POST', headers: { authorization: `Bearer ${api.admin}`, 'content-type': 'application/json' }, body: JSON.stringify({ data: { b: 1, a: -0 }, correlationId: 'order-7' }),
    })
    expect(answer.status).toBe(201)
    const { id } = (await answer.json()) as { id: string }
    expect(id).toMatch(/^\d+-\d+$/)
    const token = await api.client.call(API.getToken, { params: { session: 'demo', token: id } })
    expect(token).toMatchObject({ place: 'mail/done', data: { a: 0, b: 1 }, correlationId: 'order-7', depth: 0 })
    const decision = await api.client.call(API.getDecision, { params: { session: 'demo', key: decodeURIComponent(answer.headers.get('location')!.split('/').at(-1)!) } })
    expect(decision).toMatchObject({ state: 'decided', verdicts: [{ status: 201, id }] })
  })

  it('with the same key gets the first answer and puts nothing twice', async () => {
    for (let round = 0; round < 20; round++) {
      const again = await Promise.all(Array.from({ length: 8 }, () => api.client.call(API.putToken, { params: place('done'), body: { data: { round } }, key: `round-${round}` })))
      expect(new Set(again.map((put) => put.id)).size).toBe(1)
    }
    expect((await api.client.call(API.listTokens, { params: place('done'), query: { where: 'EXISTS $.round' } })).items).toHaveLength(20)
    const puts = await Promise.all(Array.from({ length: 8 }, () => api.client.call(API.putToken, { params: place('done'), body: { data: 'once' }, key: 'delivery-1' })))
    const later = await api.client.call(API.putToken, { params: place('done'), body: { data: 'something else' }, key: 'delivery-1' })
    expect(later.id).toBe(puts[0]!.id)
    const found = await api.client.call(API.listTokens, { params: place('done'), query: { where: '$ == "once"' } })
    expect(found.items).toHaveLength(1)
  })

  it('that the place refuses is 409 with the reason', async () => {
    await api.client.call(API.putToken, { params: place('one'), body: { data: 1 } })
    await expect(api.client.call(API.putToken, { params: place('one'), body: { data: 2 } })).rejects.toMatchObject({ problem: { status: 409 } })
    await api.client.call(API.putToken, { params: place('keyed'), body: { data: { id: 'a' } } })
    const refused = await api.client.call(API.putToken, { params: place('keyed'), body: { data: { id: 'a' } } }).catch((error: unknown) => (error as ProblemError).problem)
    expect(refused).toMatchObject({ status: 409 })
    expect((refused as { remedy: string }).remedy).not.toBe('')
  })

  it('that misfits the schema is 422 at once and never reaches the inbox', async () => {
    const before = (await api.client.call(API.getSession, { params: { session: 'demo' } })).seq
    await expect(api.client.call(API.putToken, { params: place('inbox'), body: { data: { n: 'x' } } })).rejects.toMatchObject({ problem: { status: 422, code: 'token-misfit' } })
    expect((await api.client.call(API.getSession, { params: { session: 'demo' } })).seq).toBe(before)
  })

  it('takes 64 levels, one by one and in bulk, and no more', async () => {
    const levels = (n: number) => `${'['.repeat(n)}${']'.repeat(n)}`
    const send = (path: string, body: string, type = 'application/json') => fetch(`${api.url}/v1/sessions/demo/nets/mail/places/done/tokens${path}`, {
      method: 'POST', headers: { authorization: `Bearer ${api.admin}`, 'content-type': type }, body,
    })
    expect((await send('', `{"data":${levels(64)}}`)).status).toBe(201)
    expect((await send('', `{"data":${levels(65)}}`)).status).toBe(400)
    expect(await (await send('/bulk', `[${levels(64)}]`)).json()).toMatchObject({ put: 1 })
    expect(await (await send('/bulk', `${levels(64)}\n${levels(65)}\n`, 'application/x-ndjson')).json()).toMatchObject({ put: 1, refused: 1 })
  })

  it('of many lines is judged line by line', async () => {
    const body = '{"n":1}\n\n{"n":"two"}\n{"n":3,"n":4}\n{"n":5}\nnot json\n'
    const answer = await api.client.call(API.putTokens, { params: place('inbox'), body })
    expect(answer).toMatchObject({ put: 2, refused: 3, waiting: 0 })
    expect(answer.problems.map((one) => [one.line, one.code])).toEqual([[3, 'token-misfit'], [4, 'bad-json'], [6, 'bad-json']])
    const keyed = await api.client.call(API.putTokens, { params: place('keyed'), body: [{ id: 'k1' }, { id: 'k1' }, { id: 'k2' }] })
    expect(keyed).toMatchObject({ put: 2, refused: 1 })
    expect(keyed.problems[0]).toMatchObject({ line: 2, status: 409 })
  })

  it('of thousands with one key is put once', async () => {
    const lines = Array.from({ length: 2_500 }, (_, n) => JSON.stringify({ n })).join('\n')
    const before = (await api.client.call(API.getSession, { params: { session: 'demo' } })).tokens
    const first = await api.client.call(API.putTokens, { params: place('inbox'), body: lines, key: 'many' })
    const second = await api.client.call(API.putTokens, { params: place('inbox'), body: lines, key: 'many' })
    expect(first.put + first.waiting).toBe(2_500)
    await until(async () => (await api.client.call(API.getSession, { params: { session: 'demo' } })).inbox === 0)
    expect(second.put + second.waiting).toBe(2_500)
    expect((await api.client.call(API.getSession, { params: { session: 'demo' } })).tokens).toBe(before + 2_500)
  })
})

describe('tokens by hand', () => {
  it('are listed by ArcQL in any order, page by page, each once', async () => {
    await api.client.call(API.putTokens, { params: place('done'), body: Array.from({ length: 60 }, (_, n) => ({ page: true, n, name: `name-${n % 7}` })) })
    for (const [where, count] of [['$.page == true', 60], ['$.page == true AND $.name MATCHES /-[012]$/', 27]] as const) {
      for (const order of [undefined, '$.name DESC, $.n']) {
        const seen: { n: number; name: string }[] = []
        let cursor: string | undefined
        do {
          const page = await api.client.call(API.listTokens, { params: place('done'), query: { where, order, limit: 7, cursor } })
          seen.push(...page.items.map((token) => token.data as { n: number; name: string }))
          cursor = page.next
        } while (cursor !== undefined)
        expect(seen).toHaveLength(count)
        expect(new Set(seen.map((one) => one.n)).size).toBe(count)
        if (order === undefined) continue
        const sorted = [...seen].sort((a, b) => (a.name === b.name ? a.n - b.n : a.name < b.name ? 1 : -1))
        expect(seen).toEqual(sorted)
      }
    }
  })

  it('move and go by their ids', async () => {
    const put = await api.client.call(API.putToken, { params: place('done'), body: { data: 'mover' } })
    const moved = await api.client.call(API.moveTokens, { params: { session: 'demo' }, body: { tokens: [put.id!], to: 'mail/keyed' } }).catch((error: unknown) => (error as ProblemError).problem)
    expect(moved).toBeDefined()
    const other = await api.client.call(API.putToken, { params: place('done'), body: { data: { id: 'mover' } } })
    const done = await api.client.call(API.moveTokens, { params: { session: 'demo' }, body: { tokens: [other.id!], to: 'mail/keyed' } })
    expect(done.state).toBe('decided')
    const there = await api.client.call(API.listTokens, { params: place('keyed'), query: { where: '$.id == "mover"' } })
    expect(there.items).toHaveLength(1)
    await api.client.call(API.removeTokens, { params: { session: 'demo' }, body: { tokens: [there.items[0]!.id] } })
    expect((await api.client.call(API.listTokens, { params: place('keyed'), query: { where: '$.id == "mover"' } })).items).toEqual([])
    await expect(api.client.call(API.removeTokens, { params: { session: 'demo' }, body: { tokens: ['999999-0'] } })).rejects.toMatchObject({ problem: { status: 404 } })
  })
})

describe('dead letters', () => {
  it('are listed, put back and dropped', async () => {
    await api.client.call(API.putTokens, { params: place('again'), body: [{ a: 1 }, { a: 2 }] })
    const letters = await until(async () => {
      const { items } = await api.client.call(API.listDead, { params: { session: 'demo' } })
      return items.length === 2 && items
    })
    expect(letters[0]).toMatchObject({ net: 'mail', transition: 'fails' })
    expect(letters[0]!.code).not.toBe('')
    await api.client.call(API.decideDead, { params: { session: 'demo', token: letters[0]!.id }, body: { verb: 'drop' } })
    await api.client.call(API.decideDead, { params: { session: 'demo', token: letters[1]!.id }, body: { verb: 'retry' } })
    await expect(api.client.call(API.decideDead, { params: { session: 'demo', token: letters[0]!.id }, body: { verb: 'drop' } })).rejects.toMatchObject({ problem: { status: 404 } })
    const again = await until(async () => {
      const { items } = await api.client.call(API.listDead, { params: { session: 'demo' } })
      return items.length === 1 && items[0]!.id !== letters[1]!.id && items
    })
    expect(again[0]!.data).toMatchObject({ transition: expect.stringContaining('fails') as unknown })
    const listed = await api.client.call(API.listTokens, { params: place('_failed') })
    expect(listed.items.map((token) => token.id)).toEqual([again[0]!.id])
    expect((await api.client.call(API.listNets)).items[0]).toMatchObject({ failed: 1 })
  })
})

describe('the proof', () => {
  it('finds nothing wrong, and finds what someone changed by hand', async () => {
    expect(await api.client.call(API.verify, { params: { session: 'demo' } })).toMatchObject({ ok: true, differences: [] })
    await api.db.query(`update runtime.tokens set data = '"forged"' where session = 'demo' and id = (select min(id) from runtime.tokens where session = 'demo' and place = 'mail/done')`)
    await api.db.query(`insert into runtime.tokens (session, id, place, data, created_at, produced_by) values ('demo', 99999999999, 'mail/done', '1', now(), 'x')`)
    const told = await api.client.call(API.verify, { params: { session: 'demo' } })
    expect(told.ok).toBe(false)
    expect(told.differences.map((one) => one.kind).sort()).toEqual(['data', 'token'])
  })
})
