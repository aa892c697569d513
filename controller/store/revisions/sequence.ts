import type { Queryable } from '../database.js'

/** The number of a tried commit; 0 when it was not tried. What GitOps users know as observedGeneration. */
export async function revisionSequence(db: Queryable, commit: string): Promise<number> {
  const rows = await db.query<{ sequence: number }>(`select sequence from design.revisions where commit = $1`, [commit], 'revision-sequence')
  return rows[0]?.sequence ?? 0
}
