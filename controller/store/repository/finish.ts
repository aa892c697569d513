import type { Queryable } from '../database.js'

/** Writes what came of a pass over a commit, if it differs from what stands and nobody has gone on to another commit. */
export async function finishRepository(db: Queryable, attempted: string, conditions: readonly object[]): Promise<void> {
  await db.query(
    `update design.repository set conditions = $2::jsonb, updated_at = now() where attempted = $1 and conditions <> $2::jsonb`,
    [attempted, JSON.stringify(conditions)], 'repository-finish')
}
