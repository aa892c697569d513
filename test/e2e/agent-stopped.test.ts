import { expect, test } from 'vitest'
import { API } from '../../protocol/api.js'
import { agentBed, agentNet } from '../support/agent-bed.js'
import { until } from '../support/merge-net.js'

const bed = await agentBed()
const call = (name: string, input: object) => ({ calls: [{ name, input: input as never }] })
await bed.merge({ ...agentNet('work', 'role: rw, maxIterations: 20'), ...agentNet('other', 'role: rw, maxIterations: 20') })
const first = await bed.executor({ AGENTICOS_EXECUTOR_GRACE: '0' })
const stop = (net: string, now: boolean) => bed.api.client.call(API.lifecycle, { body: { target: `demo/${net}`, state: 'stopped', now } })
const start = (net: string) => bed.api.client.call(API.lifecycle, { body: { target: `demo/${net}`, state: 'running' } })

test('stop --now ends an agent in the middle of its model’s words, and keeps what it did', async () => {
  bed.model.script([call('LIST_PLACES', { net: 'work' }), { text: 'word '.repeat(2_000), everyMs: 50 }])
  await bed.put('work/tasks', { text: 'talk for long' })
  await bed.model.arrived(2)
  await stop('work', true)
  expect(await bed.model.calls[1]!.ended).toBe('cut')
  const [failure] = await bed.arrived('work/failures')
  expect(failure).toMatchObject({ error: { code: 'cancelled', detail: { partial: { iterations: 2, toolCalls: 1 } } } })
  await start('work')
})

test('after a stop no model call is granted: the agent is put back, and goes on from its record when started', async () => {
  const seen = bed.model.calls.length
  let [answer, ask] = [(): void => {}, (): void => {}]
  const held = new Promise<void>((resolve) => { answer = resolve })
  const asked = new Promise<void>((resolve) => { ask = resolve })
  bed.model.script(async ({ turn }) => {
    ask()
    if (turn === 0) await held
    return turn === 0 ? call('LIST_PLACES', { net: 'other' }) : call('DONE', { summary: 'after the stop' })
  })
  await bed.put('other/tasks', { text: 'wait' })
  await asked
  await stop('other', false)
  answer()
  const state = async (): Promise<string | undefined> => (await bed.api.db.query<{ state: string }>(`select state from runtime.effects where net = 'other'`))[0]?.state
  await until(async () => (await state()) === 'held')
  expect(bed.model.calls.length).toBe(seen + 1)
  await start('other')
  expect(await bed.arrived('other/results')).toEqual([{ text: 'after the stop' }])
  expect(bed.model.calls.slice(seen).map(({ request }) => request.turn)).toEqual([0, 1])
})

test('an executor that is told to end gives its agent to another, which goes on from the record', async () => {
  const seen = bed.model.calls.length
  let draining = false
  bed.model.script(({ turn }) => {
    if (turn === 0) return call('LIST_PLACES', { net: 'other' })
    return draining ? call('DONE', { summary: 'by another' }) : { text: 'word '.repeat(2_000), everyMs: 50 }
  })
  await bed.put('other/tasks', { text: 'go on' })
  await bed.model.arrived(seen + 2)
  draining = true
  await first.stop()
  await bed.executor()
  expect((await bed.arrived('other/results', 2)).at(-1)).toEqual({ text: 'by another' })
  expect(bed.model.calls.slice(seen).map(({ request }) => request.turn)).toEqual([0, 1, 1])
  const [effect] = await bed.api.db.query<{ attempt: number }>(`select attempt from runtime.effects where net = 'other' order by firing desc limit 1`)
  expect(effect!.attempt).toBe(1)
})
