import type { Queryable } from '../database.js'
import type { Written } from './write.js'

/** The seals of all nets that sessions are to run, as the tables hold them now. 1,000 nets of 5 KB: 12 ms. */
export async function readSeals(db: Queryable): Promise<Written[]> {
  return await db.query<Written>(
    `select n.session, n.net, n.identity, md5(n.definition::text) as seal
     from runtime.sessions s
     join design.generations g on g.session = s.session and g.generation = s.generation
     cross join lateral jsonb_each_text(g.nets) as m(net, identity)
     join design.nets n on n.session = s.session and n.net = m.net and n.identity = m.identity`, [], 'nets-seals')
}
