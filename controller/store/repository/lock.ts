import type { Queryable } from '../database.js'

/** Takes the one lock that reconcilers take turns by; what it says tells whether another one was here since `readRepository`. */
export async function lockRepository(tx: Queryable): Promise<{ applied: string; version: string; suspended: boolean }> {
  const rows = await tx.query<{ applied: string; version: string; suspended: boolean }>(
    `select applied, xmin::text as version, suspended from design.repository for update`)
  return rows[0]!
}
