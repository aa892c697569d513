import { foldEvent, type FoldableEvent, type FoldedMarking } from '../../petri/fold.js'
import { fail } from '../errors.js'
import type { Queryable } from '../store/database.js'
import { eventAtTime } from '../store/events/at-time.js'
import { eventBounds } from '../store/events/bounds.js'
import { segmentRange } from '../store/events/range.js'
import { snapshotBefore } from '../store/events/snapshot-before.js'

const PORTION = 50

export interface Replayed {
  readonly marking: FoldedMarking
  readonly seq: number
  /** time of the last event folded in, in milliseconds */
  readonly at: number | null
  readonly from: number
  readonly events: number
}

/** The marking after an event (number), or at a time (RFC 3339), folded from the newest snapshot before it. */
export async function replay(db: Queryable, session: string, when: string | undefined): Promise<Replayed> {
  const bounds = await eventBounds(db, session)
  const wanted = when === undefined ? bounds.seq : /^\d+$/.test(when) ? Number(when) : await eventAtTime(db, session, when)
  if (wanted > bounds.seq) fail('not-found', `session ${session} has ${bounds.seq} events, and event ${wanted} is not among them`, `agenticos replay without --at shows the marking now`)
  const snapshot = await snapshotBefore(db, session, wanted)
  if (snapshot === undefined && bounds.first !== null && bounds.first > 1) {
    fail('no-longer-kept', `the events of session ${session} up to ${bounds.first - 1} are past their retention`, `ask for event ${bounds.first} or later; retention in session.yaml says how long events are kept`)
  }
  const marking: FoldedMarking = new Map()
  const from = snapshot ?? 0
  let [events, seq, at] = [0, 0, null as number | null]
  for (let next = from; ;) {
    const rows = await segmentRange(db, session, next, PORTION)
    for (const row of rows) {
      for (const event of JSON.parse(row.events) as FoldableEvent[]) {
        // a snapshot comes in parts: half of one is no marking
        if (event.n > wanted && event.type !== 'snapshot') return { marking, seq, at, from, events }
        foldEvent(marking, event, row.at.getTime())
        events++
        seq = event.n
        at = row.at.getTime()
      }
      next = row.last + 1
    }
    if (rows.length < PORTION) return { marking, seq, at, from, events }
  }
}
