import type { Queryable } from '../database.js'

export interface Holder {
  readonly token: number
  readonly firing: number
}

/** Which tokens the unsettled effects of a session reserve: those bound by an input that copied nothing (what is read is copied). */
export async function listHolders(db: Queryable, session: string): Promise<Holder[]> {
  return db.query<Holder>(
    `select e.firing, id::bigint as token
     from runtime.effects e
     cross join lateral jsonb_array_elements(e.hold -> 'bound') with ordinality as i(bound, nth)
     cross join lateral jsonb_path_query(i.bound, '$[*]') as id
     where e.session = $1 and e.state in ('pending', 'held', 'leased', 'blocked', 'awaiting', 'settled') and jsonb_typeof(id) = 'number'
       and coalesce(jsonb_typeof(e.hold -> 'copies' -> (i.nth - 1)::int), 'null') = 'null'
     order by e.firing`,
    [session], 'tokens-holders')
}
