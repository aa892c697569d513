import type { Queryable } from '../database.js'

/** Renews (or takes) an engine process's lease, by the database's clock. */
export async function renewEngine(db: Queryable, engine: string, host: string, pid: number, seconds: number): Promise<void> {
  await db.query(
    `insert into runtime.engines (engine, host, pid, until) values ($1, $2, $3, now() + make_interval(secs => $4))
     on conflict (engine) do update set until = excluded.until`,
    [engine, host, pid, seconds], 'engine-renew')
}
