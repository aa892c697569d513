import type { Queryable } from '../database.js'

/** Raises the fences of locked sessions: what their owners have in flight is void. */
export async function raiseFences(tx: Queryable, sessions: readonly string[]): Promise<void> {
  await tx.query(`update runtime.sessions set fence = fence + 1 where session = any ($1)`, [sessions])
}
