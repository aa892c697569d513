import type { Queryable } from '../database.js'

/** Firings whose proposal is noted but that ended without a merge: withdrawn by a revision, or expired. Their proposal may still be open. */
export function listOvertaken(db: Queryable, most: number): Promise<{ session: string; firing: number; proposal: number; state: string }[]> {
  return db.query(
    `select session, firing, proposal, state from runtime.effects
      where proposal > 0 and (state = 'withdrawn' or (state = 'settled' and expires_at is not null)) order by settled_at desc limit $1`,
    [most], 'approvals-overtaken')
}
