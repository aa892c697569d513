import type { Queryable } from '../database.js'

/** The generations that sessions are to run; a session that there is not has no row. */
export async function sessionGenerations(db: Queryable, sessions: readonly string[]): Promise<{ session: string; generation: number }[]> {
  return db.query<{ session: string; generation: number }>(
    `select session, generation from runtime.sessions where session = any ($1)`, [sessions], 'session-generations')
}
