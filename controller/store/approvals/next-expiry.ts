import type { Queryable } from '../database.js'

/** Milliseconds until the first approval expires; undefined when none does. */
export async function nextApprovalExpiry(db: Queryable): Promise<number | undefined> {
  const rows = await db.query<{ ms: number | null }>(
    `select extract(epoch from min(expires_at) - now())::float8 * 1000 as ms from runtime.effects where state = 'awaiting'`, [], 'approvals-next-expiry')
  return rows[0]?.ms ?? undefined
}
