import type { Queryable } from '../database.js'

/** Engine processes of a machine whose lease has not ended. */
export async function enginesOfHost(db: Queryable, host: string): Promise<{ engine: string; pid: number }[]> {
  return db.query(`select engine, pid from runtime.engines where host = $1 and until > now()`, [host])
}
