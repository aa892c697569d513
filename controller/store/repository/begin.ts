import type { Queryable } from '../database.js'

/** Notes that a commit is being worked on, unless another writer was here since `readRepository`: then undefined. The new version. */
export async function beginRepository(db: Queryable, version: string, attempted: string, conditions: readonly object[]): Promise<string | undefined> {
  const rows = await db.query<{ version: string }>(
    `update design.repository set attempted = $2, conditions = $3::jsonb, updated_at = now() where xmin::text = $1 returning xmin::text as version`,
    [version, attempted, JSON.stringify(conditions)])
  return rows[0]?.version
}
