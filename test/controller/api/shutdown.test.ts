import { describe, expect, it } from 'vitest'
import { API } from '../../../protocol/api.js'
import { readSse } from '../../../protocol/sse.js'
import { until } from '../../support/merge-net.js'
import { testApi } from '../../support/api.js'
import { applyNets, demoNet } from '../../support/applied.js'

describe('the end of a controller', () => {
  it('ends streams cleanly, answers puts that wait with 202, and then takes no more', async () => {
    const api = await testApi()
    await applyNets(api.db, 'demo', [demoNet()])
    const stream = await api.client.open(API.streamEvents, { params: { session: 'demo' } })
    const messages = readSse(stream.body!)
    expect((await messages.next()).value).toMatchObject({ begins: 0 })
    // nobody decides here: it would wait its 5 s
    const put = api.client.call(API.putToken, { params: { session: 'demo', net: 'mail', place: 'done' }, body: { data: 1 }, key: 'waits' })
    await until(async () => (await api.db.query('select from runtime.inbox')).length > 0)
    const stopped = api.stop()
    expect((await messages.next()).done).toBe(true)
    expect(await put).toMatchObject({ status: 202, key: 'waits' })
    await stopped
    await expect(fetch(`${api.url}/livez`)).rejects.toThrow()
    expect(await api.db.query('select key from runtime.inbox')).toEqual([{ key: 'waits' }])
  })
})
