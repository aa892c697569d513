import type { Queryable } from '../database.js'

/** Bytes of a session's log that are kept. */
export async function logBytes(db: Queryable, session: string): Promise<number> {
  const rows = await db.query<{ bytes: number }>(
    `select coalesce(sum(octet_length(events)), 0)::bigint as bytes from runtime.segments where session = $1`, [session], 'segments-bytes')
  return rows[0]!.bytes
}
