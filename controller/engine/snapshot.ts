import { formatTokenId } from '../../petri/token.js'
import type { Database, Queryable } from '../store/database.js'
import { commitBatch, writeBatch } from '../store/batches/commit.js'
import { loadSnapshot } from '../store/tokens/load-snapshot.js'
import { segmentHash } from './commit.js'
import type { Own } from './own.js'
import { wakeAt } from './timer.js'

/** A snapshot comes after so many events, or as many as the marking has live tokens: so its cost an event stays flat. */
const EVENTS = 10_000
const PAGE = 5_000

/** Also with the first batch of a month, so that the months before can be dropped whole. */
export function snapshotDue(own: Own, batchBefore: number): boolean {
  const since = own.seq - own.snapshot
  if (batchBefore > 0 && month(own.at) !== month(batchBefore)) return true
  return since >= EVENTS && since >= 4 * own.marking.live.size && since >= 4 * own.tokens
}

function month(at: number): string {
  return new Date(at).toISOString().slice(0, 7)
}

/** Writes the whole marking into the log, all parts or none; nothing else may be in flight. The fold may start at its first part. */
export function snapshot(db: Database, own: Own): Promise<void> {
  return db.transaction((tx) => write(tx, own))
}

async function write(db: Queryable, own: Own): Promise<void> {
  const held = new Map([...own.pending.values()].flatMap((pending) => pending.consumed.map((token) => [token.id, pending.firing] as const)))
  const start = own.seq + 1
  let total = 0
  for (let after = 0, part = 0; ; part++) {
    const page = await loadSnapshot(db, own.session, after, PAGE)
    const produced = page.map((row) => `{"id":"${formatTokenId(row.id)}","place":${JSON.stringify(row.place)},"data":${row.data},"by":${JSON.stringify(row.by)},"parents":${JSON.stringify(row.parents.map(formatTokenId))},"depth":${row.depth},"correlation":${JSON.stringify(row.correlation)},"createdAt":${Math.floor(row.createdAt)}}`)
    const byFiring = new Map<number, string[]>()
    for (const row of page) {
      const firing = held.get(row.id)
      if (firing !== undefined) byFiring.set(firing, [...(byFiring.get(firing) ?? []), formatTokenId(row.id)])
    }
    const number = own.seq + 1
    const lines = [`{"n":${number},"type":"snapshot","part":${part},"produced":[${produced.join(',')}]}`]
    for (const [firing, ids] of byFiring) lines.push(`{"n":${number + lines.length},"type":"snapshot","part":${part + 1},"firing":${firing},"reserved":${JSON.stringify(ids)}}`)
    const events = `[${lines.join(',\n')}]`
    const newHead = segmentHash(own.head, events)
    await commitBatch(db, writeBatch({
      session: own.session, owner: own.engine, fence: own.fence, head: own.head, newHead, first: number, last: own.seq + lines.length, at: own.at, wakeAt: wakeAt(own),
      adopted: own.adopted, kind: part === 0 ? 'snapshot' : 'batch', transitions: [], correlations: [], events, gone: [], born: [],
      inbox: [], rest: undefined,
    }))
    own.wakeAt = wakeAt(own)
    own.head = newHead
    own.seq += lines.length
    total += page.length
    if (page.length < PAGE) break
    after = page.at(-1)!.id
  }
  own.tokens = total
  own.snapshot = start
}
