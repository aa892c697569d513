import type { z } from 'zod'
import type { recordRequest, recordAnswer } from '../../protocol/ledger.js'
import { recordCalls, type CallRecord } from '../store/calls/record.js'
import type { Dispatch } from './dispatch.js'
import { storable } from './storable.js'

type Told = z.infer<typeof recordRequest>['calls'][number]

/** Books what model calls cost and keeps what they said; each becomes an event. Durable when it resolves. */
export async function record(dispatch: Dispatch, executor: string, calls: readonly Told[]): Promise<z.infer<typeof recordAnswer>> {
  const { models } = await dispatch.designs.settings.get()
  const rounds: Told[][] = []
  const times = new Map<string, number>()
  for (const call of calls) {
    // one that comes twice in a batch is judged twice, one after the other
    const key = `${call.session} ${call.firing} ${call.call}`
    const time = times.get(key) ?? 0
    times.set(key, time + 1)
    ;(rounds[time] ??= []).push(call)
  }
  const verdicts = new Map<Told, z.infer<typeof recordAnswer>['verdicts'][number]>()
  for (const round of rounds) {
    const prices = round.map((call) => (Object.hasOwn(models.models, call.model) ? models.models[call.model]!.price : null))
    const rows = await recordCalls(dispatch.db, executor, round.map((call, nth) => rowOf(executor, call, prices[nth]!)))
    for (const [nth, { verdict, micros }] of rows.entries()) verdicts.set(round[nth]!, { verdict, micros })
    for (const session of new Set(rows.filter((row) => row.verdict === 'recorded').map((row) => row.session))) dispatch.db.notify('inbox', session)
  }
  return { verdicts: calls.map((call) => verdicts.get(call)!) }
}

function rowOf(executor: string, told: Told, price: object | null): CallRecord {
  const { session, firing, attempt, lease, call, model, usage, durationMs, purpose } = told
  const { sent, answer, error } = storable({ sent: told.sent, answer: told.answer, error: told.error })
  const note = JSON.stringify({
    attempt, model, purpose, usage, durationMs, executor, sent, ...(error === undefined ? {} : { error }),
    ...(answer === undefined ? {} : { answer: { text: answer.text, calls: answer.calls, stop: answer.stop }, ...(answer.replayed ? { replayed: true } : {}) }),
  }).slice(1, -1)
  return { session, firing, attempt, lease, call, model, price, ...usage, sent, purpose, note, said: { answer, error, usage, durationMs } }
}
