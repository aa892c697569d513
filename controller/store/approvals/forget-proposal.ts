import type { Queryable } from '../database.js'

/** Nothing is left to do about the proposal of a firing that is over. */
export async function forgetProposal(db: Queryable, session: string, firing: number): Promise<void> {
  await db.query(
    `update runtime.effects set proposal = 0, expires_at = null where session = $1 and firing = $2 and state in ('withdrawn', 'settled')`,
    [session, firing], 'approvals-forget-proposal')
}
