import { createHash } from 'node:crypto'
import { canonicalText } from '../../petri/canonical.js'
import { foldEvent, type FoldableEvent, type FoldedMarking } from '../../petri/fold.js'
import type { Json } from '../../petri/json.js'
import { formatTokenId } from '../../petri/token.js'
import type { VerifyAnswer } from '../../protocol/api/history.js'
import type { Seal } from '../forge/audit.js'
import type { Database, Queryable } from '../store/database.js'
import { eventBounds } from '../store/events/bounds.js'
import { seeOneState } from '../store/events/see-one-state.js'
import { segmentRange, type ChainRow } from '../store/events/range.js'
import { inboxWaiting } from '../store/inbox/waiting.js'
import { tokensAfter } from '../store/tokens/after.js'
import { reservations } from './reservations.js'

const MOST = 100
const PORTION = 50
const TOKENS = 5_000

type Difference = VerifyAnswer['differences'][number]

/** Proves that the chain is whole and that the fold of the events equals the tables, or says where not (100 places at most). */
export async function verify(db: Database, session: string, sealed?: Seal): Promise<VerifyAnswer> {
  // one snapshot of the database for the log and the tables, so that a batch in between is no difference
  return db.transaction(async (tx) => {
    await seeOneState(tx)
    const differences: Difference[] = []
    const say = (kind: string, at: string, message: string) => {
      if (differences.length < MOST) differences.push({ kind, at, message })
    }
    const marking: FoldedMarking = new Map()
    const bounds = await eventBounds(tx, session)
    let [segments, events] = [0, 0]
    let last: ChainRow | undefined
    for (let next = bounds.first ?? 0; ;) {
      const rows = await segmentRange(tx, session, next, PORTION)
      for (const row of rows) {
        checkLink(last, row, say)
        if (sealed?.seq === row.last && sealed.head !== row.hash) say('seal', `${row.last}`, `the segment that ends at event ${row.last} is not the one sealed in refs/audit/log: the log was changed`)
        events += foldSegment(marking, row, bounds.first === 1 || segments > 0 || row.kind === 'snapshot', say)
        segments++
        last = row
        next = row.last + 1
      }
      if (rows.length < PORTION) break
    }
    if (last && last.last !== bounds.seq) say('head', `${last.last}`, `the log ends at event ${last.last}, and the session's row says ${bounds.seq}`)
    if (sealed && bounds.seq < sealed.seq) say('seal', `${bounds.seq}`, `refs/audit/log sealed event ${sealed.seq}, and the log ends at ${bounds.seq}: the database lost its tail`)
    const tokens = await compareTokens(tx, session, marking, say)
    return { session, ok: differences.length === 0, seq: bounds.seq, segments, events, tokens, inTransit: await inboxWaiting(tx, session, 1_000_000), differences }
  })
}

/** The hash a segment must have: SHA-256 over the hash before it, a line feed, and its exact text. */
function segmentHash(row: ChainRow): string {
  return createHash('sha256').update(row.previous).update('\n').update(row.events).digest('hex')
}

type Say = (kind: string, at: string, message: string) => void

function checkLink(before: ChainRow | undefined, row: ChainRow, say: Say): void {
  if (before && row.first !== before.last + 1) say('gap', `${row.first}`, `events ${before.last + 1} to ${row.first - 1} are missing`)
  if (segmentHash(row) !== row.hash) say('hash', `${row.first}`, `the text of the segment at event ${row.first} does not have its hash: the log was changed`)
  if (before && row.previous !== before.hash) say('chain', `${row.first}`, `the segment at event ${row.first} does not follow the one before it: the log was changed`)
}

function foldSegment(marking: FoldedMarking, row: ChainRow, begun: boolean, say: Say): number {
  const list = JSON.parse(row.events) as FoldableEvent[]
  for (const event of list) {
    const faults = foldEvent(marking, event, row.at.getTime())
    if (begun) for (const fault of faults) say('fold', `${event.n}`, `event ${event.n}: token ${fault.token} ${fault.fault.replaceAll('-', ' ')}`)
  }
  return list.length
}

async function compareTokens(tx: Queryable, session: string, marking: FoldedMarking, say: Say): Promise<number> {
  const { holders } = await reservations(tx, session)
  let [count, after] = [0, -1]
  for (;;) {
    const rows = await tokensAfter(tx, session, after, TOKENS)
    for (const row of rows) {
      const id = formatTokenId(row.id)
      const folded = marking.get(id)
      count++
      after = row.id
      if (!folded) {
        say('token', id, `token ${id} lies in ${row.place}, and no event put it there`)
        continue
      }
      marking.delete(id)
      if (folded.place !== row.place) say('place', id, `token ${id} lies in ${row.place}, and the events put it in ${folded.place}`)
      if (canonicalText(folded.data) !== canonicalText(row.data as Json)) say('data', id, `token ${id} in ${row.place} has other data than its event`)
      if (folded.firing !== holders.get(row.id)) {
        say('reserved', id, `token ${id} in ${row.place} is held by ${holders.get(row.id) ?? 'nothing'}, and the events say ${folded.firing ?? 'nothing'}`)
      }
    }
    if (rows.length < TOKENS) break
  }
  for (const token of marking.values()) say('token', token.id, `the events put token ${token.id} in ${token.place}, and it is not there`)
  return count
}
