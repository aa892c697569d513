import { createHash } from 'node:crypto'
import { canonicalText } from '../../petri/canonical.js'
import { foldEvent, type FoldableEvent, type FoldedMarking } from '../../petri/fold.js'
import type { Json } from '../../petri/json.js'
import { formatTokenId } from '../../petri/token.js'
import type { VerifyAnswer } from '../../protocol/api/history.js'
import type { Seal } from '../forge/audit.js'
import type { Database, Queryable } from '../store/database.js'
import { eventBounds } from '../store/events/bounds.js'
import { segmentRange, type ChainRow } from '../store/events/range.js'
import { seeOneState } from '../store/events/see-one-state.js'
import { inboxWaiting } from '../store/inbox/waiting.js'
import { tokensAfter } from '../store/tokens/after.js'
import { reservations } from './reservations.js'

const MOST = 100
const PORTION = 50
const TOKENS = 10_000

/** What was found so far. The log never changes, so most of it is folded before the state that is compared is held still. */
interface Proof {
  readonly marking: FoldedMarking
  readonly differences: VerifyAnswer['differences']
  /** the session's last seal in refs/audit/log */
  readonly sealed: Seal | undefined
  last: ChainRow | undefined
  next: number
  whole: boolean
  segments: number
  events: number
}

/** Proves that the chain is whole and that the fold of the events equals the tables, or says where not (100 places at most). */
export async function verify(db: Database, session: string, sealed?: Seal): Promise<VerifyAnswer> {
  const { first } = await eventBounds(db, session)
  const proof: Proof = { marking: new Map(), differences: [], last: undefined, next: first ?? 0, sealed, whole: first === null || first === 1, segments: 0, events: 0 }
  await foldOn(db, session, proof)
  return db.transaction(async (tx) => {
    // one state of log and tables, so that a batch in between is no difference
    await seeOneState(tx)
    await foldOn(tx, session, proof)
    const { seq } = await eventBounds(tx, session)
    const end = proof.last?.last ?? 0
    if (proof.last && end !== seq) say(proof, 'head', `${end}`, `the log ends at event ${end}, and the session's row says ${seq}`)
    if (sealed && seq < sealed.seq) say(proof, 'seal', `${seq}`, `refs/audit/log sealed event ${sealed.seq}, and the log ends at ${seq}: the database lost its tail`)
    const tokens = await compareTokens(tx, session, proof)
    const { differences, segments, events } = proof
    return { session, ok: differences.length === 0, seq, segments, events, tokens, inTransit: await inboxWaiting(tx, session, 1_000_000), differences }
  })
}

function say(proof: Proof, kind: string, at: string, message: string): void {
  if (proof.differences.length < MOST) proof.differences.push({ kind, at, message })
}

async function foldOn(db: Queryable, session: string, proof: Proof): Promise<void> {
  for (;;) {
    const rows = await segmentRange(db, session, proof.next, PORTION)
    for (const row of rows) {
      checkLink(proof, row)
      if (row.kind === 'snapshot') proof.whole = true
      for (const event of JSON.parse(row.events) as FoldableEvent[]) {
        proof.events++
        const faults = foldEvent(proof.marking, event, row.at.getTime())
        // before the first snapshot of a log that was cut, what is consumed may have been made before the cut
        if (proof.whole) for (const fault of faults) say(proof, 'fold', `${event.n}`, `event ${event.n}: token ${fault.token} ${fault.fault.replaceAll('-', ' ')}`)
      }
      proof.segments++
      proof.last = row
      proof.next = row.last + 1
    }
    if (rows.length < PORTION) return
  }
}

function checkLink(proof: Proof, row: ChainRow): void {
  const { last: before, sealed } = proof
  if (sealed?.seq === row.last && sealed.head !== row.hash) say(proof, 'seal', `${row.last}`, `the segment that ends at event ${row.last} is not the one sealed in refs/audit/log: the log was changed`)
  if (before && row.first !== before.last + 1) say(proof, 'gap', `${row.first}`, `events ${before.last + 1} to ${row.first - 1} are missing`)
  if (before && row.previous !== before.hash) say(proof, 'chain', `${row.first}`, `the segment at event ${row.first} does not follow the one before it: the log was changed`)
  // as engine/commit.ts makes it; siblings share no code
  const hash = createHash('sha256').update(row.previous).update('\n').update(row.events).digest('hex')
  if (hash !== row.hash) say(proof, 'hash', `${row.first}`, `the events ${row.first} to ${row.last} are not those that were written: their hash differs`)
}

async function compareTokens(tx: Queryable, session: string, proof: Proof): Promise<number> {
  const { marking } = proof
  const holders = await reservations(tx, session)
  let [count, after] = [0, -1]
  for (;;) {
    const rows = await tokensAfter(tx, session, after, TOKENS)
    for (const row of rows) {
      const id = formatTokenId(row.id)
      const folded = marking.get(id)
      count++
      after = row.id
      if (!folded) {
        say(proof, 'token', id, `token ${id} lies in ${row.place}, and no event put it there`)
        continue
      }
      marking.delete(id)
      if (folded.place !== row.place) say(proof, 'place', id, `token ${id} lies in ${row.place}, and the events put it in ${folded.place}`)
      if (canonicalText(folded.data) !== canonicalText(row.data as Json)) say(proof, 'data', id, `token ${id} in ${row.place} has other data than its event`)
      if (folded.firing !== holders.get(row.id)) {
        say(proof, 'reserved', id, `token ${id} in ${row.place} is held by ${holders.get(row.id) ?? 'nothing'}, and the events say ${folded.firing ?? 'nothing'}`)
      }
    }
    if (rows.length < TOKENS) break
  }
  for (const token of marking.values()) say(proof, 'token', token.id, `the events put token ${token.id} in ${token.place}, and it is not there`)
  return count
}
