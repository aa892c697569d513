import type { Queryable } from '../database.js'

/** Segments after a time (ms) in which one of these transitions fired, oldest first. */
export async function segmentsSince(db: Queryable, session: string, since: number, transitions: readonly string[]): Promise<{ at: number; events: string }[]> {
  return db.query<{ at: number; events: string }>(
    `select floor(extract(epoch from at) * 1000)::bigint as at, events from runtime.segments
      where session = $1 and at > to_timestamp($2 / 1000.0) and transitions && $3 order by first`,
    [session, since, transitions], 'segments-since')
}
