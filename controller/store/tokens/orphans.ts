import type { Queryable } from '../database.js'

export interface Orphans {
  readonly session: string
  /** `net/place`, or `net/_failed` of a net that is gone */
  readonly place: string
  readonly tokens: number
}

/** Places that hold tokens and that no net which is to run has any more. */
export async function readOrphans(db: Queryable): Promise<Orphans[]> {
  return await db.query<Orphans>(
    `with running as (
       select n.session, n.net, n.definition
       from runtime.sessions s
       join design.generations g on g.session = s.session and g.generation = s.generation
       cross join lateral jsonb_each_text(g.nets) as m(net, identity)
       join design.nets n on n.session = s.session and n.net = m.net and n.identity = m.identity
     ), present as (
       select session, p.value ->> 'address' as place from running cross join lateral jsonb_each(definition -> 'places') p
       union select session, net || '/_failed' from running
     ), held as (select session, place, count(*) as tokens from runtime.tokens group by session, place)
     select h.session, h.place, h.tokens from held h
     where not exists (select from present p where p.session = h.session and p.place = h.place)
     order by h.session, h.place`)
}
