import { beforeAll, describe, expect, it } from 'vitest'
import { API } from '../../../protocol/api.js'
import type { ProgressItem } from '../../../protocol/ledger.js'
import { readSse, type SseMessage } from '../../../protocol/sse.js'
import { testApi, type TestApi } from '../../support/api.js'
import { mergeNets } from '../../support/merge-net.js'

let api: TestApi
beforeAll(async () => {
  api = await testApi({ whole: true })
  await mergeNets(api, 'demo', { mail: `places:\n  inbox: {category: task}\n  done: {category: task}\ntransitions:\n  move: {kind: pass, in: {x: inbox}, out: {done: {}}}\n` })
})

const said = (seq: number, more: Partial<ProgressItem> = {}): ProgressItem => ({ session: 'demo', firing: 7, correlation: 'talk-1', seq, type: 'text', text: `word ${seq}\nof "text"`, ...more })
const say = (item: object): void => api.db.notify('progress', JSON.stringify(item))

/** Opens a stream, and gives its messages to `see` until that says enough. */
async function listen(query: object, begun: () => Promise<void> | void, see: (message: SseMessage) => boolean): Promise<void> {
  const stop = new AbortController()
  const answer = await api.client.open(API.streamEvents, { params: { session: 'demo' }, query, signal: stop.signal })
  for await (const message of readSse(answer.body!)) {
    // it says where it begins before it listens on
    if (message.begins !== undefined) await begun()
    if (message.data !== undefined && see(message)) break
  }
  stop.abort()
}

describe('the stream of events, with progress', () => {
  it('brings what agents say between the events, without id, and of the asked correlation alone', async () => {
    const seen: SseMessage[] = []
    let nth = 0
    await listen({ progress: 'true', correlation: 'talk-1' }, async () => {
      await api.client.call(API.putToken, { params: { session: 'demo', net: 'mail', place: 'inbox' }, body: { data: 1, correlationId: 'talk-1' } })
    }, (message) => {
      seen.push(message)
      // the events are there, so it hears: now it is said
      if (message.event === 'transition.fired' && nth === 0) {
        say({ nonsense: true })
        say(said(++nth, { correlation: 'another' }))
        say(said(++nth, { session: 'other' }))
        say(said(++nth))
        say(said(++nth, { type: 'call', tool: 'LIST_PLACES', text: '{}' }))
      }
      return seen.filter((one) => one.event === 'progress').length === 2
    })
    expect(seen.slice(-3).map(({ event, id }) => [event, id !== undefined])).toEqual([['transition.fired', true], ['progress', false], ['progress', false]])
    expect(seen.slice(-2).map(({ data }) => JSON.parse(data!))).toEqual([said(3), said(4, { type: 'call', tool: 'LIST_PLACES', text: '{}' })])
  })

  it('stays silent of it where nobody asked', async () => {
    const seen: SseMessage[] = []
    await listen({}, () => void api.client.call(API.putToken, { params: { session: 'demo', net: 'mail', place: 'inbox' }, body: { data: 1 } }), (message) => {
      seen.push(message)
      if (seen.length === 2) {
        say(said(1))
        void api.client.call(API.putToken, { params: { session: 'demo', net: 'mail', place: 'inbox' }, body: { data: 2 } })
      }
      return seen.length === 4
    })
    expect(seen.map(({ event }) => event)).not.toContain('progress')
  })
})
