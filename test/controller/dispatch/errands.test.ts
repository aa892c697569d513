import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { askErrand, type Errand } from '../../../controller/api/ask-errand.js'
import { createHub } from '../../../controller/api/hub.js'
import type { LeasedErrand } from '../../../protocol/errand.js'
import { dispatchBed, quiet } from '../../support/dispatch-bed.js'

const bed = await dispatchBed()
const stop = new AbortController()
afterAll(() => stop.abort())
const context = { db: bed.database, hub: createHub(bed.database, quiet, stop.signal) }
const done = (result: unknown) => ({ status: 'done', result })
let count = 0

beforeEach(async () => {
  await bed.database.query('truncate runtime.errands, runtime.executors')
})

/** An executor of the protocol alone. */
async function executor(kinds = ['http'], name = `errands-${++count}`) {
  const { json } = await bed.post('register', await bed.bootstrap(), { name, labels: {}, capacity: 1, kinds, version: '1', protocol: 1, host: 'here', fresh: true })
  const token = json.token as string
  return {
    name, token,
    async poll(more: object = {}): Promise<{ errands: LeasedErrand[], drop: string[] }> {
      const { status, json: answer } = await bed.post('errands', token, { poll: randomUUID(), kinds: kinds.includes('llm') ? ['model'] : kinds, holding: [], slots: 4, waitMs: 10_000, ...more })
      expect(status, JSON.stringify(answer)).toBe(200)
      return answer
    },
    async settle(errand: LeasedErrand, outcome: object): Promise<string[]> {
      return (await bed.post('errands/settle', token, { errands: [{ id: errand.id, lease: errand.lease, outcome }] })).json.settled
    },
  }
}

const ask = (more: Partial<Errand> = {}) => askErrand(context, {
  session: 'demo', waitMs: 30_000, signal: stop.signal, request: { kind: 'http', method: 'GET', url: 'https://example.org/', headers: {}, credentials: {} }, ...more,
})
const codeOf = (run: Promise<unknown>): Promise<string> => run.then(() => 'done', (error: { code?: string }) => error.code ?? String(error))
const rows = () => bed.database.query<{ state: string }>('select state from runtime.errands')

describe('an errand', () => {
  it('wakes a poll that waits, and its outcome wakes who asked', async () => {
    const here = await executor()
    const polling = here.poll()
    const asked = ask()
    const { errands: [errand] } = await polling
    expect(errand).toMatchObject({ session: 'demo', request: { kind: 'http', url: 'https://example.org/' } })
    expect(errand!.timeoutMs).toBeLessThanOrEqual(30_000)
    expect(await here.settle(errand!, done({ status: 200 }))).toEqual([errand!.id])
    expect(await asked).toEqual({ executor: here.name, outcome: done({ status: 200 }) })
    expect(await rows()).toEqual([])
  })

  it('goes to executors that do its kind, to the one it is meant for, and to one alone', async () => {
    const [here, there, models] = [await executor(), await executor(), await executor(['llm'])]
    const asked = ask({ executor: there.name })
    await expect.poll(rows).toHaveLength(1)
    expect((await models.poll({ waitMs: 0 })).errands).toEqual([])
    expect((await here.poll({ waitMs: 0 })).errands).toEqual([])
    const { errands: [errand] } = await there.poll()
    expect((await there.poll({ waitMs: 0 })).errands).toEqual([])
    await there.settle(errand!, done(1))
    expect((await asked).executor).toBe(there.name)
  })

  it('is kept by polls that name it, and fails once its executor no longer does', async () => {
    const here = await executor()
    const asked = codeOf(ask())
    const { errands: [errand] } = await here.poll()
    const holding = [{ id: errand!.id, lease: errand!.lease }]
    await bed.database.query(`update runtime.errands set lease_until = now() + interval '1 second'`)
    expect(await here.poll({ holding, waitMs: 0 })).toEqual({ errands: [], drop: [] })
    expect(await bed.database.query(`select lease_until > now() + interval '10 seconds' as kept from runtime.errands`)).toEqual([{ kept: true }])
    await bed.database.query(`update runtime.errands set lease_until = now() - interval '1 second'`)
    expect(await here.poll({ holding, waitMs: 0 })).toEqual({ errands: [], drop: [errand!.id] })
    expect(await asked).toBe('errand-lost')
    expect(await here.settle(errand!, done('late'))).toEqual([])
  })

  it('is dropped when nobody waits any more: its executor is told, and an outcome is not taken', async () => {
    const here = await executor()
    const gone = new AbortController()
    const asked = codeOf(ask({ signal: gone.signal }))
    const { errands: [errand] } = await here.poll()
    gone.abort()
    expect(await asked).toBe('shutting-down')
    expect((await here.poll({ holding: [{ id: errand!.id, lease: errand!.lease }], waitMs: 0 })).drop).toEqual([errand!.id])
    expect(await here.settle(errand!, done(1))).toEqual([])
  })

  it('is not taken from another executor, nor with another lease', async () => {
    const [here, there] = [await executor(), await executor()]
    const asked = ask()
    const { errands: [errand] } = await here.poll()
    expect(await there.settle(errand!, done('theirs'))).toEqual([])
    expect(await here.settle({ ...errand!, lease: randomUUID() }, done('old'))).toEqual([])
    expect(await here.settle(errand!, done('own'))).toEqual([errand!.id])
    expect((await asked).outcome).toEqual(done('own'))
  })

  it('that nobody takes ends with a clear word, and where nobody could, at once', async () => {
    expect(await codeOf(ask())).toBe('no-executor')
    await executor()
    expect(await codeOf(ask({ waitMs: 50 }))).toBe('errand-timeout')
    expect(await rows()).toEqual([])
  })

  it('goes to nobody whose token was revoked, and needs an executor’s token', async () => {
    const here = await executor()
    const asked = codeOf(ask({ waitMs: 500 }))
    await bed.database.query('update runtime.access_tokens set revoked_at = now() where name = $1', [here.name])
    const body = { poll: randomUUID(), kinds: ['http'], holding: [], slots: 1, waitMs: 0 }
    expect((await bed.post('errands', here.token, body)).status).toBe(401)
    expect((await bed.post('errands', await bed.bootstrap(), body)).status).toBe(403)
    expect((await bed.post('errands', (await executor()).token, { ...body, kinds: ['shell'] })).status).toBe(400)
    expect(await asked).toBe('errand-timeout')
  })
})
