import type { Queryable } from '../database.js'
import type { SegmentRow } from './after.js'

/** The segments that hold these events. */
export async function segmentsHolding(db: Queryable, session: string, numbers: readonly number[]): Promise<SegmentRow[]> {
  return db.query<SegmentRow>(
    `select distinct on (s.first) s.first, s.last, s.at, s.events
     from unnest($2::bigint[]) as wanted(n)
     cross join lateral (
       select first, last, at, events from runtime.segments
       where session = $1 and first <= wanted.n and kind = 'batch' order by first desc limit 1) s
     where s.last >= wanted.n`,
    [session, numbers])
}
