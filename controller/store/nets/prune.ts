import type { Queryable } from '../database.js'

/** Deletes nets that no kept generation runs. Those younger than an hour stay: an apply that has not committed may be about to. */
export async function pruneNets(db: Queryable): Promise<number> {
  const rows = await db.query<{ net: string }>(
    `delete from design.nets n
     where n.created_at < now() - interval '1 hour'
       and not exists (select from design.generations g where g.session = n.session and g.nets ->> n.net = n.identity)
     returning n.net`)
  return rows.length
}
