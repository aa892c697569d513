import type { Queryable } from '../database.js'

/** Writes what came of a pass, if it differs from what stands. */
export async function finishRepository(db: Queryable, attempted: string, conditions: readonly object[]): Promise<void> {
  await db.query(
    `update design.repository set attempted = $1, conditions = $2::jsonb, updated_at = now()
     where attempted <> $1 or conditions <> $2::jsonb`,
    [attempted, JSON.stringify(conditions)], 'repository-finish')
}
