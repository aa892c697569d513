import type { Queryable } from '../database.js'

/** Ends an engine process's lease and forgets those that ended long ago: its sessions are free at once. */
export async function retireEngine(db: Queryable, engine: string): Promise<void> {
  await db.query(`delete from runtime.engines where engine = $1 or until < now() - interval '1 hour'`, [engine])
}
