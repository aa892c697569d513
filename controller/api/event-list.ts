import type { EventAnswer } from '../../protocol/api/history.js'
import type { Queryable } from '../store/database.js'
import { segmentsAfter, type SegmentRow } from '../store/events/after.js'
import { segmentsBefore } from '../store/events/before.js'

export interface EventFilter {
  readonly net?: string | undefined
  readonly transition?: string | undefined
  readonly type?: string | undefined
  readonly correlation?: string | undefined
  readonly firing?: number | undefined
}

/** The events of a segment as the API tells them: with session and time. */
export function expand(session: string, row: SegmentRow): EventAnswer[] {
  const at = row.at.toISOString()
  return (JSON.parse(row.events) as EventAnswer[]).map((event) => {
    const produced = Array.isArray(event['produced']) ? { produced: event['produced'].map((token: object, nth) => ({ id: `${event.n}-${nth}`, ...token })) } : {}
    return { ...event, ...produced, session, at: event.at ?? at }
  })
}

/** `net/transition` of an event, whichever way its writer said it. */
export function transitionOf(event: EventAnswer): { net: string; transition: string } {
  const told = typeof event['transition'] === 'string' ? event['transition'] : ''
  const slash = told.indexOf('/')
  if (slash >= 0) return { net: told.slice(0, slash), transition: told.slice(slash + 1) }
  return { net: typeof event['net'] === 'string' ? event['net'] : '', transition: told }
}

export function passes(event: EventAnswer, filter: EventFilter): boolean {
  // a snapshot repeats the marking: nothing happened
  if (event.type === 'snapshot') return false
  const { net, transition } = transitionOf(event)
  return (filter.net === undefined || net === filter.net || touches(event, filter.net)) &&
    (filter.transition === undefined || transition === filter.transition) &&
    (filter.type === undefined || event.type === filter.type || event.type.startsWith(`${filter.type}.`)) &&
    (filter.firing === undefined || event.n === filter.firing || event['firing'] === filter.firing) &&
    (filter.correlation === undefined || event['correlation'] === filter.correlation)
}

/** Events without a transition belong to the nets in whose places they put tokens. */
function touches(event: EventAnswer, net: string): boolean {
  const produced = Array.isArray(event['produced']) ? (event['produced'] as { place?: unknown }[]) : []
  return typeof event['place'] === 'string' ? event['place'].startsWith(`${net}/`) : produced.some((token) => String(token.place).startsWith(`${net}/`))
}

/** Segments asked for at first, doubled each time: a segment has one event or thousands. */
const FIRST_PORTION = 1
const PORTION = 50
const MOST_PORTIONS = 40

export interface Listed {
  readonly events: EventAnswer[]
  /** event number up to which (or down to which) was looked; undefined: to the end */
  readonly reached: number | undefined
}

/** Events after a number, oldest first. Looks at so many segments at a time, then gives a cursor though it found little. */
export async function eventsAfter(db: Queryable, session: string, after: number, filter: EventFilter, limit: number): Promise<Listed> {
  const events: EventAnswer[] = []
  let at = after
  for (let portion = 0, size = FIRST_PORTION; portion < MOST_PORTIONS; portion++, size = Math.min(PORTION, size * 2)) {
    const rows = await segmentsAfter(db, session, at, size)
    for (const row of rows) {
      for (const event of expand(session, row)) {
        if (event.n <= after) continue
        if (passes(event, filter)) events.push(event)
        if (events.length === limit) return { events, reached: event.n }
      }
      at = row.last
    }
    if (rows.length < size) return { events, reached: undefined }
  }
  return { events, reached: at }
}

/** Events before a number (null: from the newest), newest first. */
export async function eventsBefore(db: Queryable, session: string, before: number | null, filter: EventFilter, limit: number): Promise<Listed> {
  const events: EventAnswer[] = []
  const names = filter.net !== undefined && filter.transition !== undefined ? [`${filter.net}/${filter.transition}`] : null
  let at = before
  for (let portion = 0, size = FIRST_PORTION; portion < MOST_PORTIONS; portion++, size = Math.min(PORTION, size * 2)) {
    const rows = await segmentsBefore(db, session, at, names, filter.correlation ?? null, size)
    for (const row of rows) {
      for (const event of expand(session, row).reverse()) {
        if (before !== null && event.n >= before) continue
        if (passes(event, filter)) events.push(event)
        if (events.length === limit) return { events, reached: event.n }
      }
      at = row.first
    }
    if (rows.length < size) return { events, reached: undefined }
  }
  return { events, reached: at ?? undefined }
}
