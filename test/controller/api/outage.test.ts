import { beforeAll, describe, expect, it } from 'vitest'
import { API } from '../../../protocol/api.js'
import { ProblemError } from '../../../protocol/client.js'
import { testApi, type TestApi } from '../../support/api.js'
import { mergeNets, until } from '../../support/merge-net.js'

let api: TestApi
beforeAll(async () => {
  api = await testApi({ whole: true })
  await mergeNets(api, 'demo', { mail: `places:\n  inbox: {category: task}\n  done: {category: task}\ntransitions:\n  move: {kind: pass, in: {x: inbox}, out: {done: {}}}\n` })
})

describe('connections that the database cuts', () => {
  it('are told as such, and every put is answered or found again by its key', async () => {
    const keys = Array.from({ length: 120 }, (_, nth) => `cut-${nth}`)
    const put = (key: string) => api.client.call(API.putToken, { params: { session: 'demo', net: 'mail', place: 'inbox' }, body: { data: key }, key })
    const cut = () => api.db.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`).catch(() => undefined)
    const answers = await Promise.all(keys.map(async (key, nth) => {
      if (nth % 30 === 29) await cut()
      return put(key).then(() => 'put', (error: unknown) => (error instanceof ProblemError ? error.problem.code : String(error)))
    }))
    expect(answers.filter((answer) => answer !== 'put' && answer !== 'database-unreachable')).toEqual([])
    for (const key of keys) {
      await until(() => put(key).then((answer) => answer.id !== undefined, () => false))
    }
    await until(async () => {
      const { items } = await api.client.call(API.listPlaces, { params: { session: 'demo' } })
      return items.find((item) => item.name === 'done')!.tokens === keys.length
    })
    expect(await api.client.call(API.verify, { params: { session: 'demo' } })).toMatchObject({ ok: true, tokens: keys.length })
  })
})
