import type { Queryable } from '../database.js'

/** Names of the log's partitions, the default one among them, and the database's clock. */
export async function listPartitions(db: Queryable): Promise<{ names: string[], now: Date }> {
  const [row] = await db.query<{ names: string[] | null, now: Date }>(
    `select now() as now, array_agg(c.relname::text order by c.relname)::text[] as names
     from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'runtime.segments'::regclass`)
  return { names: row?.names ?? [], now: row?.now ?? new Date(0) }
}
