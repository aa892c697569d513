import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../../protocol/effect.js'
import { testDatabase } from '../../support/database.js'
import { TestSession } from '../../support/session.js'

const { database } = await testDatabase({ connections: 20 })
let count = 0
const result = { exitCode: 0, stdout: 'out', stderr: '', signal: null, durationMs: 1, truncated: false }
const done: Outcome = { status: 'done', result }
const failed = (retryable: boolean, more = {}): Outcome => ({ status: 'failed', code: 'broken', message: 'it broke', retryable, detail: { exitCode: 9 }, ...more })

class Effects extends TestSession {
  /** Waits for a pending effect and takes it. */
  async take(): Promise<{ firing: number; attempt: number; request: any; due: boolean }> {
    return this.until(async () => {
      const [row] = await this.db.query<any>(`update runtime.effects set state = 'settled', settled_at = now() where (session, firing) in
        (select session, firing from runtime.effects where session = $1 and state = 'pending' order by firing limit 1) returning firing, attempt, request`, [this.session])
      return row
    })
  }
  async settle(effect: { firing: number; attempt: number }, outcome: Outcome): Promise<void> {
    await this.post('outcome', { firing: effect.firing, attempt: effect.attempt, executor: 'test', outcome })
    await this.until(async () => (await this.db.query('select 1 from runtime.inbox where session = $1', [this.session])).length === 0 || undefined)
  }
}
async function running(net: string, session = ''): Promise<Effects> {
  const s = new Effects(database, `effects-${++count}`)
  await s.apply({ n: net }, session)
  await s.engine()
  return s
}
const command = (more = '', out = '{done: {}}') => `
places: {todo: {category: task}, done: {category: task}, broken: {category: task}}
transitions:
  run: {kind: command, in: {x: todo}, do: {argv: [echo, '\${x.v}']}, out: ${out}${more}}
`

describe('effects', () => {
  it('reserve their tokens, carry the filled request, and put the outcome in one step', async () => {
    const s = await running(command())
    await s.put('n/todo', { v: 'hi' })
    const effect = await s.take()
    expect(effect.request).toMatchObject({ timeoutMs: 60_000, idempotencyKey: `${s.session}/${effect.firing}`, credentials: {}, request: { kind: 'command', argv: ['echo', 'hi'], expect: [0] } })
    expect(await s.tokens('n/todo')).toEqual([{ v: 'hi' }])
    await s.settle(effect, done)
    expect(await s.tokens('n/todo')).toEqual([])
    expect(await s.tokens('n/done')).toEqual([result])
    expect(await s.events('effect.settled')).toMatchObject([{ firing: effect.firing, attempt: 1, consumed: ['2-0'], executor: 'test' }])
  })

  it('are tried again only when retryable, later each time, with their inputs reserved, and end as a dead letter', async () => {
    const s = await running(command(', retry: {attempts: 3, backoff: 20ms..40ms}'))
    await s.put('n/todo', { v: 1 })
    for (const attempt of [1, 2, 3]) {
      const effect = await s.take()
      expect(effect.attempt).toBe(attempt)
      await s.settle(effect, failed(true))
    }
    expect((await s.events('effect.retried')).length).toBe(2)
    expect(await s.tokens('n/_failed')).toMatchObject([{ transition: 'run', error: { code: 'broken', attempts: 3, detail: { exitCode: 9 } }, input: { x: { v: 1 } } }])
    await s.put('n/todo', { v: 2 })
    await s.settle(await s.take(), failed(false))
    expect(await s.tokens('n/_failed')).toHaveLength(2)
  })

  it('honour Retry-After', async () => {
    const s = await running(command(', retry: {attempts: 2, backoff: 1ms..2ms}'))
    await s.put('n/todo', { v: 1 })
    await s.settle(await s.take(), failed(true, { retryAfterMs: 600_000 }))
    const [row] = await database.query<{ late: boolean }>(`select due_at > now() + interval '9 minutes' as late from runtime.effects where session = $1`, [s.session])
    expect(row).toEqual({ late: true })
  })

  it('take the error arcs when one holds', async () => {
    const s = await running(command('', `{done: {}, broken: {when: 'error AND $.code == "broken"', emit: {code: '\${error.code}', exit: '\${error.detail.exitCode}', v: '\${x.v}'}}}`))
    await s.put('n/todo', { v: 5 })
    await s.settle(await s.take(), failed(false))
    expect(await s.tokens('n/broken')).toEqual([{ code: 'broken', exit: 9, v: 5 }])
    expect(await s.tokens('n/_failed')).toEqual([])
  })

  it('run no more at once than concurrency and limits.effects allow', async () => {
    const s = await running(command(', concurrency: 2'))
    await s.put('n/todo', { v: 1 }, { v: 2 }, { v: 3 })
    await s.quietWithEffects(2)
    const first = await s.take()
    await s.settle(first, done)
    await s.quietWithEffects(2)
    const t = await running(command(), 'limits: {effects: 1}')
    await t.put('n/todo', { v: 1 }, { v: 2 })
    await t.quietWithEffects(1)
    await t.settle(await t.take(), done)
    await t.settle(await t.take(), done)
    expect(await t.tokens('n/done')).toHaveLength(2)
  })

  it('hold a slot of a capacity place before they start', async () => {
    const s = await running(`
places: {todo: {category: task}, done: {category: task, capacity: 1}}
transitions:
  run: {kind: command, in: {x: todo}, do: {argv: [echo]}, out: {done: {}}}
`)
    await s.put('n/todo', { v: 1 }, { v: 2 })
    await s.quietWithEffects(1)
    expect(await s.put('n/done', 1)).toMatchObject([{ status: 409 }])
    await s.settle(await s.take(), done)
    await s.quietWithEffects(0)
    const [id] = await s.ids('n/done')
    await s.send('remove', { tokens: [`${Math.floor(id! / 16_384)}-${id! % 16_384}`], by: 'test' })
    await s.settle(await s.take(), done)
    expect(await s.tokens('n/done')).toHaveLength(1)
  })

  it('block with their outcome while it needs more room than the slot they hold', async () => {
    const s = await running(`
places: {todo: {category: task}, done: {category: task, capacity: 2}}
transitions:
  run: {kind: command, in: {x: todo}, do: {argv: [echo]}, out: {done: {each: '\${x.list}', emit: '\${item}'}}}
`)
    await s.put('n/todo', { list: [1, 2] })
    const effect = await s.take()
    await s.put('n/done', 0)
    await s.settle(effect, done)
    expect(await s.events('effect.blocked')).toHaveLength(1)
    expect(await s.tokens('n/done')).toEqual([0])
    const [id] = await s.ids('n/done')
    await s.send('remove', { tokens: [`${Math.floor(id! / 16_384)}-${id! % 16_384}`], by: 'test' })
    await s.quiet()
    expect(await s.tokens('n/done')).toEqual([1, 2])
  })

  it('keep the token of a running effect from keep, inhibit and optional inputs', async () => {
    const s = await running(`
places: {todo: {category: task}, go: {category: task}, done: {category: task}, none: {category: task}}
transitions:
  run: {kind: command, in: {x: todo}, do: {argv: [echo]}, out: {done: {}}}
  alone: {kind: map, in: {g: go, y: {from: todo, mode: inhibit}}, do: {template: 1}, out: {none: {}}}
`)
    await s.put('n/todo', { v: 1 })
    const effect = await s.take()
    await s.put('n/go', {})
    await s.quiet()
    expect(await s.tokens('n/none')).toEqual([])
    await s.settle(effect, done)
    await s.quiet()
    expect(await s.tokens('n/none')).toEqual([1])
  })

  it('fail without an executor when their request cannot be made', async () => {
    const s = await running(command().replace("'${x.v}'", "'${x.missing}'"))
    await s.put('n/todo', { v: 1 })
    await s.quiet()
    expect(await s.tokens('n/_failed')).toMatchObject([{ error: { code: 'template-error' } }])
    expect(await database.query('select 1 from runtime.effects where session = $1', [s.session])).toEqual([])
  })
})
