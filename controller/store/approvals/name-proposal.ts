import type { Queryable } from '../database.js'

/** Notes which proposal asks for a firing's approval; false when it awaits no longer. */
export async function nameProposal(db: Queryable, session: string, firing: number, proposal: number): Promise<boolean> {
  const rows = await db.query<{ firing: number }>(
    `update runtime.effects set proposal = $3 where session = $1 and firing = $2 and state = 'awaiting' returning firing`,
    [session, firing, proposal], 'approvals-name-proposal')
  return rows.length > 0
}
