import { createHash } from 'node:crypto'
import type { Database } from '../store/database.js'
import { commitBatch, writeBatch, type BatchRow, type WrittenBatch } from '../store/batches/commit.js'
import type { Batch, Rest } from './batch.js'
import type { Own } from './own.js'

/** The hash of a segment: SHA-256 over the hash before it, a line feed, and its exact text. */
export function segmentHash(previous: string, events: string): string {
  return createHash('sha256').update(previous).update('\n').update(events).digest('hex')
}

/** A batch ready to be sent; `head` and `seq` are the session's once it is acknowledged. */
export interface Sealed {
  readonly row: BatchRow
  readonly written: WrittenBatch
  readonly batch: Batch
}

/** Closes a batch against the session as it is now, and moves the session's memory on to after it. */
export function seal(own: Own, batch: Batch, wakeAt: number | undefined): Sealed {
  const events = batch.events.length === 0 ? undefined : `[${batch.events.join(',\n')}]`
  const newHead = events === undefined ? own.head : segmentHash(own.head, events)
  const row: BatchRow = {
    session: own.session, owner: own.engine, fence: own.fence, head: own.head, newHead, first: batch.first, last: batch.next - 1, at: batch.at,
    wakeAt, adopted: batch.adopted, kind: 'batch', transitions: [...batch.transitions], correlations: [...batch.correlations], events,
    gone: batch.gone, born: batch.born.values(), inbox: batch.inbox, rest: restText(batch.rest),
  }
  own.logBytes += events?.length ?? 0
  own.wakeAt = wakeAt
  own.head = newHead
  own.seq = row.last
  own.at = batch.at
  own.adopted = batch.adopted
  return { row, written: writeBatch(row), batch }
}

/** Sends a sealed batch; answers the database's clock. What waits for it is told only after this resolves. */
export async function commit(db: Database, sealed: Sealed): Promise<number> {
  const clock = await commitBatch(db, sealed.written)
  const { row, batch } = sealed
  if (row.events !== undefined) db.notify('events', `${row.session}:${row.last}`)
  if (batch.rest.decisions.length > 0) db.notify('decided', row.session)
  for (const { pool, awaiting } of batch.rest.started) db.notify(awaiting ? 'approvals' : 'effects', awaiting ? row.session : pool)
  if (batch.rest.approved.length > 0) db.notify('effects', '')
  if (batch.rest.rearmed.length > 0) db.notify('effects', '')
  for (const { session } of batch.rest.sends) db.notify('inbox', session)
  return clock
}

function restText(rest: Rest): string | undefined {
  const filled = Object.entries(rest).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : value !== undefined))
  return filled.length === 0 ? undefined : JSON.stringify(Object.fromEntries(filled))
}
