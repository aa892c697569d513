import type { z } from 'zod'
import type { costAnswer, EventAnswer } from '../../protocol/api/history.js'
import type { Queryable } from '../store/database.js'
import { eventAtTime } from '../store/events/at-time.js'
import { segmentsAfter } from '../store/events/after.js'
import { transitionOf } from './event-list.js'

interface Spent {
  readonly net: string
  readonly transition: string
  firings: number
  failed: number
  usd: number
}

/** What a session spent up to an event, by `net/transition`: a fold of its log. */
interface Fold {
  seq: number
  readonly rows: Map<string, Spent>
  running: Promise<void>
}

const PORTION = 16
const MOST = 1_000

/** Costs as folds of the logs. The whole of a session is folded once and then only goes on; a span is folded for itself. */
export interface Costs {
  of(session: string, since: string | undefined): Promise<readonly Spent[]>
}

export function createCosts(db: Queryable): Costs {
  const kept = new Map<string, Fold>()
  return {
    async of(session, since) {
      if (since !== undefined) {
        // the last event before the span; a segment has one time, so none is cut in two
        const before = await eventAtTime(db, session, new Date(Date.parse(since) - 1).toISOString())
        const span: Fold = { seq: before, rows: new Map(), running: Promise.resolve() }
        await foldOn(db, session, span)
        return [...span.rows.values()]
      }
      const fold = kept.get(session) ?? { seq: 0, rows: new Map(), running: Promise.resolve() }
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
      for (const event of JSON.parse(row.events) as EventAnswer[]) if (event.n > fold.seq) count(fold.rows, event)
      fold.seq = row.last
    }
    if (rows.length < PORTION) return
  }
}

function count(rows: Map<string, Spent>, event: EventAnswer): void {
  const fired = event.type === 'transition.fired' || event.type === 'effect.settled'
  const failed = event.type === 'transition.failed'
  const usd = typeof event['usd'] === 'number' ? event['usd'] : 0
  if (!fired && !failed && usd === 0) return
  const { net, transition } = transitionOf(event)
  if (transition === '') return
  const key = `${net}/${transition}`
  const row = rows.get(key) ?? { net, transition, firings: 0, failed: 0, usd: 0 }
  rows.set(key, row)
  if (fired) row.firings++
  if (failed) row.failed++
  row.usd += usd
}

interface Asked {
  readonly net?: string | undefined
  readonly since?: string | undefined
}

/** Money by transition, the dearest first. */
export async function costAnswerOf(costs: Costs, sessions: readonly string[], asked: Asked): Promise<z.infer<typeof costAnswer>> {
  const items: z.infer<typeof costAnswer>['items'] = []
  for (const session of sessions) {
    for (const row of await costs.of(session, asked.since)) {
      if (asked.net === undefined || asked.net === row.net) items.push({ session, ...row, usd: dollars(row.usd) })
    }
  }
  const name = (item: { session: string; net: string; transition: string }) => `${item.session}/${item.net}/${item.transition}`
  items.sort((a, b) => b.usd - a.usd || (name(a) < name(b) ? -1 : 1))
  return { since: asked.since ?? null, usd: dollars(items.reduce((sum, item) => sum + item.usd, 0)), items }
}

/** Six places are what money has here. */
function dollars(usd: number): number {
  return Math.round(usd * 1e6) / 1e6
}
