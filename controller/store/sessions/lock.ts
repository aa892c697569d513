import type { Queryable } from '../database.js'

/** Locks session rows in name order; null: all. */
export async function lockSessions(tx: Queryable, session: string | null): Promise<string[]> {
  const rows = await tx.query<{ session: string }>(
    `select session from runtime.sessions where $1::text is null or session = $1 order by session for update`, [session])
  return rows.map((row) => row.session)
}
