import type { EventAnswer } from '../../protocol/api/history.js'
import type { Queryable } from '../store/database.js'
import { eventAtTime } from '../store/events/at-time.js'
import { segmentsAfter } from '../store/events/after.js'
import { transitionOf } from './event-list.js'

export interface Spent {
  readonly net: string
  readonly transition: string
  readonly firing?: number
  readonly call?: number
  readonly model?: string
  firings: number
  failed: number
  calls: number
  readonly tokens: { input: number; cached: number; output: number }
  micros: number
}

type By = 'transition' | 'firing' | 'call'

/** What a session spent up to an event: a fold of its log. */
interface Fold {
  seq: number
  readonly by: By
  readonly rows: Map<string, Spent>
  running: Promise<void>
}

const PORTION = 16
const MOST = 1_000

/** Costs as folds of the logs. The whole of a session by transition is folded once and then only goes on; the rest is folded for itself. */
export function foldCosts(db: Queryable): { of(session: string, since: string | undefined, by: By): Promise<readonly Spent[]> } {
  const kept = new Map<string, Fold>()
  const fresh = (seq: number, by: By): Fold => ({ seq, by, rows: new Map(), running: Promise.resolve() })
  return {
    async of(session, since, by) {
      if (since !== undefined || by !== 'transition') {
        // the last event before the span; a segment has one time, so none is cut in two
        const before = since === undefined ? 0 : await eventAtTime(db, session, new Date(Date.parse(since) - 1).toISOString())
        const span = fresh(before, by)
        await foldOn(db, session, span)
        return [...span.rows.values()]
      }
      const fold = kept.get(session) ?? fresh(0, by)
      kept.delete(session)
      kept.set(session, fold)
      if (kept.size > MOST) kept.delete(kept.keys().next().value!)
      // one at a time: two that fold the same segment would count it twice
      fold.running = fold.running.catch(() => undefined).then(() => foldOn(db, session, fold))
      await fold.running
      return [...fold.rows.values()]
    },
  }
}

async function foldOn(db: Queryable, session: string, fold: Fold): Promise<void> {
  for (;;) {
    const rows = await segmentsAfter(db, session, fold.seq, PORTION)
    for (const row of rows) {
      for (const event of JSON.parse(row.events) as EventAnswer[]) if (event.n > fold.seq) count(fold, event)
      fold.seq = row.last
    }
    if (rows.length < PORTION) return
  }
}

function count(fold: Fold, event: EventAnswer): void {
  const fired = event.type === 'transition.fired' || event.type === 'effect.settled'
  const failed = event.type === 'transition.failed'
  const called = event.type === 'llm.called'
  const micros = numberOf(event['micros']) || Math.round(numberOf(event['usd']) * 1e6)
  if (fold.by === 'transition' ? !fired && !failed && !called && micros === 0 : !called && micros === 0) return
  const { net, transition } = transitionOf(event)
  if (transition === '') return
  const firing = fold.by === 'transition' ? undefined : typeof event['firing'] === 'number' ? event['firing'] : event.n
  const call = fold.by === 'call' ? numberOf(event['call']) : undefined
  const key = `${net}/${transition} ${firing ?? ''} ${call ?? ''}`
  const row = fold.rows.get(key) ?? {
    net, transition, ...(firing === undefined ? {} : { firing }), ...(call === undefined ? {} : { call, model: String(event['model'] ?? '') }),
    firings: 0, failed: 0, calls: 0, tokens: { input: 0, cached: 0, output: 0 }, micros: 0,
  }
  fold.rows.set(key, row)
  if (fired) row.firings++
  if (failed) row.failed++
  if (called || micros > 0) row.calls++
  const usage = (event['usage'] ?? {}) as Record<string, unknown>
  for (const kind of ['input', 'cached', 'output'] as const) row.tokens[kind] += numberOf(usage[kind])
  row.micros += micros
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0
}
