import type { Queryable } from '../database.js'

export interface Holder {
  readonly session: string
  readonly reason: 'retention' | 'snapshot'
}

/**
 * Sessions that still need a partition: their retention has not passed since its end, or no later snapshot carries
 * their marking, so that the fold would have nothing to begin with. A session that was removed needs neither.
 */
export async function holdersOfPartition(db: Queryable, name: string, end: Date): Promise<Holder[]> {
  return db.query<Holder>(
    `with present as (select distinct session from runtime.${name}),
     kept as (
       select p.session,
         now() < $1::timestamptz + coalesce((g.config ->> 'retention')::double precision, 7776000000) * interval '1 millisecond' as young,
         not exists (select from runtime.segments l where l.session = p.session and l.kind = 'snapshot' and l.at >= $1) as needed
       from present p
       join runtime.sessions s using (session)
       left join design.generations g on g.session = s.session and g.generation = s.generation
     )
     select session, case when young then 'retention' else 'snapshot' end as reason from kept where young or needed order by session`,
    [end.toISOString()])
}
