import type { EventAnswer } from '../../protocol/api/history.js'
import type { FiringAnswer } from '../../protocol/api/work.js'
import type { Queryable } from '../store/database.js'
import { spentByFirings } from '../store/calls/spent-by-firings.js'
import { segmentsHolding } from '../store/events/holding.js'
import { eventsBefore, expand, transitionOf } from './event-list.js'
import { writeCursor, type Page } from './page.js'

const STATES: Readonly<Record<string, FiringAnswer['state']>> = {
  'transition.fired': 'fired', 'transition.started': 'started', 'transition.failed': 'failed', 'transition.withdrawn': 'withdrawn',
  'effect.settled': 'fired', 'effect.retried': 'retrying', 'effect.blocked': 'started',
}

interface Asked {
  readonly net?: string | undefined
  readonly transition?: string | undefined
  readonly correlation?: string | undefined
  readonly limit: number
}

/** Firings, newest first by their last event; each is told once, from all its events on the page. */
export async function firingPage(db: Queryable, session: string, before: number | null, asked: Asked): Promise<Page<FiringAnswer>> {
  const told = new Map<number, EventAnswer[]>()
  let at = before
  let more = true
  while (told.size < asked.limit && more) {
    const { events, reached } = await eventsBefore(db, session, at, asked, asked.limit)
    for (const event of events) {
      if (!Object.hasOwn(STATES, event.type)) continue
      const firing = firingOf(event)
      const list = told.get(firing)
      if (list) list.push(event)
      else if (told.size < asked.limit) told.set(firing, [event])
      else break
      at = event.n
    }
    more = reached !== undefined
    if (more && told.size < asked.limit) at = reached ?? at
  }
  await addStarts(db, session, told)
  const spent = await spentByFirings(db, session, [...told.keys()])
  const items = [...told].map(([firing, events]) => showFiring(session, firing, events, spent.get(firing) ?? 0)).filter((item) => !(before !== null && item.latest >= before))
  return { items: items.map(({ latest: _, ...item }) => item), ...(more && at !== null ? { next: writeCursor([at]) } : {}) }
}

function firingOf(event: EventAnswer): number {
  return typeof event['firing'] === 'number' ? event['firing'] : event.n
}

/** Ends whose beginning lies further back get it looked up. */
async function addStarts(db: Queryable, session: string, told: ReadonlyMap<number, EventAnswer[]>): Promise<void> {
  const wanted = [...told].filter(([firing, events]) => !events.some((event) => event.n === firing)).map(([firing]) => firing)
  if (wanted.length === 0) return
  for (const row of await segmentsHolding(db, session, wanted)) {
    for (const event of expand(session, row)) told.get(event.n)?.push(event)
  }
}

function showFiring(session: string, firing: number, unordered: readonly EventAnswer[], micros: number): FiringAnswer & { latest: number } {
  const events = [...unordered].sort((a, b) => a.n - b.n)
  const [first, last] = [events[0]!, events.at(-1)!]
  const { net, transition } = transitionOf(events.find((event) => transitionOf(event).transition !== '') ?? first)
  const state = STATES[last.type] ?? 'fired'
  const error = last['error']
  const told = typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : typeof error === 'string' ? error : ''
  const code = typeof error === 'object' && error !== null && 'code' in error ? `${String(error.code)}: ` : ''
  const ended = state === 'started' || state === 'retrying' ? null : last.at
  const numbers = (key: string) => events.map((event) => event[key]).filter((value) => typeof value === 'number')
  const attempts = Math.max(1, ...numbers('attempt'), ...numbers('attempts'))
  const spent = numbers('usd').reduce((sum, usd) => sum + usd, micros / 1e6)
  return {
    session, firing, net, transition, state, attempts,
    startedAt: first.at, endedAt: ended,
    durationMs: ended === null ? null : numbers('durationMs').at(-1) ?? Date.parse(ended) - Date.parse(first.at),
    consumed: [...new Set(events.flatMap((event) => [...texts(event['reserved']), ...texts(event['consumed'])]))],
    produced: events.flatMap((event) => (Array.isArray(event['produced']) ? (event['produced'] as { id?: string }[]) : []).map((token) => String(token.id))),
    executor: String(last['executor'] ?? ''), error: `${code}${told}`, usd: spent,
    correlationId: String(events.map((event) => event['correlation']).find((value) => value !== undefined) ?? ''),
    latest: last.n,
  }
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : []
}
