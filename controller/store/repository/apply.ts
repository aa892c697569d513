import type { Queryable } from '../database.js'

/** The commit whose nets run from now on. */
export async function markApplied(tx: Queryable, commit: string): Promise<void> {
  await tx.query(`update design.repository set applied = $1, attempted = $1, updated_at = now()`, [commit])
}
