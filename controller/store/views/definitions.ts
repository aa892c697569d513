import type { Queryable } from '../database.js'

export interface DefinitionRow {
  readonly net: string
  readonly identity: string
  readonly definition: unknown
}

/** The checked nets a session is to run, by name (null: all of them). */
export async function definitions(db: Queryable, session: string, net: string | null): Promise<DefinitionRow[]> {
  return db.query<DefinitionRow>(
    `select d.net, d.identity, d.definition
     from runtime.sessions s
     join design.generations g on g.session = s.session and g.generation = s.generation
     cross join lateral jsonb_each_text(g.nets) as m(net, identity)
     join design.nets d on d.session = s.session and d.net = m.net and d.identity = m.identity
     where s.session = $1 and ($2::text is null or m.net = $2)
     order by d.net`,
    [session, net])
}
