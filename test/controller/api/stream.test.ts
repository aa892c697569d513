import { beforeAll, describe, expect, it } from 'vitest'
import { API } from '../../../protocol/api.js'
import { readSse } from '../../../protocol/sse.js'
import { testApi, type TestApi } from '../../support/api.js'
import { mergeNets } from '../../support/merge-net.js'

let api: TestApi
beforeAll(async () => {
  api = await testApi({ whole: true })
  await mergeNets(api, 'demo', { mail: `places:\n  inbox: {category: task}\n  done: {category: task}\ntransitions:\n  move: {kind: pass, in: {x: inbox}, out: {done: {}}}\n` })
})

const put = (...data: number[]) => api.client.call(API.putTokens, { params: { session: 'demo', net: 'mail', place: 'inbox' }, body: data })

/** Opens a stream and reads until `enough` events came. */
async function read(enough: number, init: { after?: number; last?: number; query?: object } = {}): Promise<{ n: number; type: string }[]> {
  const stop = new AbortController()
  const answer = await api.client.open(API.streamEvents, {
    params: { session: 'demo' }, query: { ...init.query, ...(init.after === undefined ? {} : { after: init.after }) },
    headers: init.last === undefined ? {} : { 'last-event-id': String(init.last) }, signal: stop.signal,
  })
  expect(answer.headers.get('content-type')).toContain('text/event-stream')
  const events: { n: number; type: string }[] = []
  for await (const message of readSse(answer.body!)) {
    if (message.data !== undefined) events.push(JSON.parse(message.data) as { n: number; type: string })
    if (message.data !== undefined) expect(message.id).toBe(String(events.at(-1)!.n))
    if (events.length >= enough) break
  }
  stop.abort()
  return events
}

describe('the stream of events', () => {
  it('begins after any event, without a gap, and goes on as events come', async () => {
    await put(1, 2, 3)
    const all = (await api.client.call(API.listEvents, { params: { session: 'demo' }, query: { limit: 1000 } })).items
    // a bulk put is one event, and each firing one
    const live = read(all.length + 3, { after: 0 })
    await put(4, 5)
    const seen = await live
    expect(seen.map((event) => event.n)).toEqual(seen.map((_, nth) => nth + 1))
    expect(seen.slice(0, all.length).map((event) => event.type)).toEqual(all.map((event) => event.type))
  })

  it('resumes from Last-Event-ID, which wins over after', async () => {
    await put(6, 7)
    const first = await read(5, { after: 0 })
    const rest = await read(3, { after: 0, last: first.at(-1)!.n })
    expect(rest.map((event) => event.n)).toEqual([6, 7, 8])
  })

  it('tells only what was asked for', async () => {
    await put(8)
    const fired = await read(3, { after: 0, query: { type: 'transition.fired', net: 'mail', transition: 'move' } })
    expect(new Set(fired.map((event) => event.type))).toEqual(new Set(['transition.fired']))
  })

  it('begins with now when nothing is said', async () => {
    const { seq } = await api.client.call(API.getSession, { params: { session: 'demo' } })
    const live = read(1)
    await put(9)
    expect((await live)[0]!.n).toBeGreaterThan(seq)
  })

  it('feeds many followers at once, each all of it', async () => {
    const { seq } = await api.client.call(API.getSession, { params: { session: 'demo' } })
    const followers = Array.from({ length: 20 }, () => read(110, { after: seq }))
    for (let n = 0; n < 10; n++) await put(...Array.from({ length: 10 }, (_, i) => n * 10 + i))
    for (const events of await Promise.all(followers)) expect(events.map((event) => event.n)).toEqual(Array.from({ length: 110 }, (_, i) => seq + 1 + i))
  })
})

describe('lists of events and firings', () => {
  it('come by pages in both directions, each once', async () => {
    for (const newest of ['true', 'false'] as const) {
      const seen: number[] = []
      let cursor: string | undefined
      do {
        const page = await api.client.call(API.listEvents, { params: { session: 'demo' }, query: { newest, limit: 37, cursor } })
        seen.push(...page.items.map((event) => event.n))
        cursor = page.next
      } while (cursor !== undefined)
      const { seq } = await api.client.call(API.getSession, { params: { session: 'demo' } })
      const wanted = Array.from({ length: seq }, (_, nth) => nth + 1)
      expect(seen).toEqual(newest === 'true' ? wanted.reverse() : wanted)
    }
  })

  it('firings too, and each says what it took and made', async () => {
    const seen: number[] = []
    let cursor: string | undefined
    do {
      const page = await api.client.call(API.listFirings, { params: { session: 'demo' }, query: { limit: 10, cursor } })
      for (const firing of page.items) expect(firing).toMatchObject({ net: 'mail', transition: 'move', state: 'fired', attempts: 1 })
      for (const firing of page.items) expect([firing.consumed.length, firing.produced.length]).toEqual([1, 1])
      seen.push(...page.items.map((firing) => firing.firing))
      cursor = page.next
    } while (cursor !== undefined)
    const { items } = await api.client.call(API.cost)
    expect(new Set(seen).size).toBe(seen.length)
    expect(items).toEqual([{ session: 'demo', net: 'mail', transition: 'move', firings: seen.length, failed: 0, calls: 0, tokens: { input: 0, cached: 0, output: 0 }, micros: 0, usd: 0 }])
  })

  it('replay gives the marking after each event', async () => {
    const { items } = await api.client.call(API.listEvents, { params: { session: 'demo' }, query: { limit: 12 } })
    for (const event of items) {
      const at = await api.client.call(API.replay, { params: { session: 'demo' }, query: { at: String(event.n) } })
      const tokens = at.places.reduce((sum, one) => sum + one.tokens, 0)
      const wanted = items.filter((one) => one.n <= event.n).reduce((sum, one) => sum + ((one['produced'] as unknown[] | undefined)?.length ?? 0) - ((one['consumed'] as unknown[] | undefined)?.length ?? 0), 0)
      expect([event.n, tokens]).toEqual([at.seq, wanted])
    }
    const now = await api.client.call(API.replay, { params: { session: 'demo' } })
    const { tokens } = await api.client.call(API.getSession, { params: { session: 'demo' } })
    expect(now.places.reduce((sum, one) => sum + one.tokens, 0)).toBe(tokens)
    expect((await api.client.call(API.replay, { params: { session: 'demo' }, query: { at: '2001-01-01T00:00:00Z' } })).places).toEqual([])
    await expect(api.client.call(API.replay, { params: { session: 'demo' }, query: { at: '99999999' } })).rejects.toMatchObject({ problem: { status: 404 } })
  })
})
