import type { Queryable } from '../database.js'

/** What came of a commit, and everything that was found in it. */
export async function endRevision(db: Queryable, commit: string, state: 'applied' | 'refused', reason: string, findings: readonly object[]): Promise<void> {
  await db.query(
    `update design.revisions set state = $2, reason = $3, findings = $4::jsonb, applied_at = case when $2 = 'applied' then coalesce(applied_at, now()) else applied_at end
     where commit = $1`,
    [commit, state, reason, JSON.stringify(findings)])
}
