import type { Queryable } from '../database.js'

/** The generation a session is to run; undefined: there is no such session. */
export async function sessionGeneration(db: Queryable, session: string): Promise<number | undefined> {
  const rows = await db.query<{ generation: number }>(
    `select generation from runtime.sessions where session = $1`, [session], 'session-generation')
  return rows[0]?.generation
}
