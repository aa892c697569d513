import type { Queryable } from '../database.js'
import type { SegmentRow } from './after.js'

/** Segments that hold events before a number (null: the newest), newest first, and only those of a transition or correlation. */
export async function segmentsBefore(
  db: Queryable, session: string, before: number | null, transitions: readonly string[] | null, correlation: string | null, limit: number,
): Promise<SegmentRow[]> {
  return db.query<SegmentRow>(
    `select first, last, at, events from runtime.segments
     where session = $1 and ($2::bigint is null or first < $2) and kind = 'batch'
       and ($3::text[] is null or transitions && $3) and ($4::text is null or $4 = any (correlations))
     order by first desc limit $5`,
    [session, before, transitions, correlation, limit])
}
