import type { Queryable } from '../database.js'

export interface RevisionRow {
  readonly sequence: number
  readonly commit: string
  readonly author: string
  readonly subject: string
  readonly state: 'attempted' | 'applied' | 'refused'
  readonly reason: string
  readonly current: boolean
  readonly errors: number
  readonly warnings: number
  readonly committed_at: Date | null
  readonly attempted_at: Date
  readonly applied_at: Date | null
}

/** Revisions, newest first. */
export async function listRevisions(db: Queryable, before: number | null, limit: number): Promise<RevisionRow[]> {
  return db.query<RevisionRow>(
    `select sequence, commit, author, subject, state, reason, committed_at, attempted_at, applied_at,
            commit = (select applied from design.repository) as current,
            (select count(*) from jsonb_array_elements(findings) f where f ->> 'level' = 'error') as errors,
            (select count(*) from jsonb_array_elements(findings) f where f ->> 'level' = 'warning') as warnings
     from design.revisions where $1::bigint is null or sequence < $1
     order by sequence desc limit $2`,
    [before, limit])
}
