import type { Queryable } from '../database.js'

/** Asks the reconciler to look again, and suspends or resumes it when told to (null: as it is). */
export async function requestReconcile(db: Queryable, suspend: boolean | null): Promise<boolean> {
  const rows = await db.query<{ suspended: boolean }>(
    `update design.repository set requested_at = now(), suspended = coalesce($1, suspended), updated_at = now() returning suspended`,
    [suspend])
  return rows[0]?.suspended ?? false
}
