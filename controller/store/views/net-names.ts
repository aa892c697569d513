import type { Queryable } from '../database.js'

/** Names of the nets a session is to run. */
export async function netNames(db: Queryable, session: string): Promise<string[]> {
  const rows = await db.query<{ net: string }>(
    `select m.net from runtime.sessions s
     join design.generations g on g.session = s.session and g.generation = s.generation
     cross join lateral jsonb_object_keys(g.nets) as m(net)
     where s.session = $1 order by 1`,
    [session])
  return rows.map((row) => row.net)
}
