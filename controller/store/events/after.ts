import type { Queryable } from '../database.js'

export interface SegmentRow {
  readonly first: number
  readonly last: number
  readonly at: Date
  /** JSON text: a list of events */
  readonly events: string
}

/** Segments that hold events after a number, oldest first; snapshots are left out. */
export async function segmentsAfter(db: Queryable, session: string, after: number, limit: number): Promise<SegmentRow[]> {
  return db.query<SegmentRow>(
    `select first, last, at, events from runtime.segments
     where session = $1 and last > $2 and kind = 'batch'
       and first >= coalesce((select max(first) from runtime.segments where session = $1 and first <= $2 + 1), 0)
     order by first limit $3`,
    [session, after, limit], 'segments-after')
}
