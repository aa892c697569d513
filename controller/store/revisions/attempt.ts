import type { Queryable } from '../database.js'

export interface Revision {
  readonly commit: string
  readonly parents: readonly string[]
  readonly author: string
  readonly subject: string
  readonly committedAt: string
}

/** Notes that a commit is being tried; one that was tried before keeps what is known of it. Its number. */
export async function attemptRevision(db: Queryable, revision: Revision): Promise<number> {
  const rows = await db.query<{ sequence: number }>(
    `insert into design.revisions (commit, parents, author, subject, committed_at, state) values ($1, $2, $3, $4, $5, 'attempted')
     on conflict (commit) do update set attempted_at = now() returning sequence`,
    [revision.commit, revision.parents, revision.author, revision.subject, revision.committedAt])
  return rows[0]!.sequence
}
