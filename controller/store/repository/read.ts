import type { Queryable } from '../database.js'

export interface RepositoryRow {
  readonly attempted: string
  readonly applied: string
  readonly suspended: boolean
  readonly requested_at: Date | null
  readonly conditions: readonly { readonly type: string; readonly status: string; readonly lastTransitionTime?: string }[]
  /** changes with every write to the row */
  readonly version: string
}

/** How the repository and its reconciler are. */
export async function readRepository(db: Queryable): Promise<RepositoryRow> {
  const rows = await db.query<RepositoryRow>(
    `select attempted, applied, suspended, requested_at, conditions, xmin::text as version from design.repository`, [], 'repository-read')
  return rows[0]!
}
