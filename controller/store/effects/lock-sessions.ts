import type { Queryable } from '../database.js'

const text = 'select from runtime.sessions where session = any($1) order by session for share'

/** Waits out stops and applies of these sessions, and keeps new ones waiting until the transaction ends. */
export async function lockSessions(tx: Queryable, sessions: readonly string[]): Promise<void> {
  await tx.query(text, [sessions], 'effects_lock_sessions')
}
