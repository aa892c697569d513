import type { Queryable } from '../database.js'

/** Gives a session up, unless its fence was raised meanwhile. */
export async function releaseSession(db: Queryable, session: string, engine: string, fence: number): Promise<void> {
  await db.query(`update runtime.sessions set owner = null where session = $1 and owner = $2 and fence = $3`, [session, engine, fence], 'session-release')
}
