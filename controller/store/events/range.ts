import type { Queryable } from '../database.js'

export interface ChainRow {
  readonly first: number
  readonly last: number
  readonly at: Date
  readonly kind: 'batch' | 'snapshot'
  readonly previous: string
  readonly hash: string
  readonly events: string
}

/** Segments from an event number on, snapshots included, oldest first, a portion at a time. */
export async function segmentRange(db: Queryable, session: string, from: number, limit: number): Promise<ChainRow[]> {
  return db.query<ChainRow>(
    `select first, last, at, kind, previous, hash, events from runtime.segments
     where session = $1 and first >= $2 order by first limit $3`,
    [session, from, limit], 'segments-range')
}
