import type { Queryable } from '../database.js'
import { PLACES } from './place-names.js'

export interface TransitionRow {
  readonly net: string
  readonly transition: string
  readonly effects: number
  readonly retrying: number
  readonly failed: number
}

/** Running effects and dead letters by transition; transitions with neither have no row. */
export async function countTransitions(db: Queryable, session: string): Promise<TransitionRow[]> {
  return db.query<TransitionRow>(
    `${PLACES}
     select net, transition, sum(effects)::bigint as effects, sum(retrying)::bigint as retrying, sum(failed)::bigint as failed
     from (
       select net, transition, count(*) as effects, count(*) filter (where attempt > 1) as retrying, 0 as failed
       from runtime.effects where session = $1 and state in ('pending', 'held', 'leased', 'blocked')
       group by net, transition
       union all
       select split_part(place, '/', 1), coalesce(data ->> 'transition', ''), 0, 0, count(*)
       from runtime.tokens where session = $1 and place in (select place from places where place like '%/\\_failed')
       group by 1, 2) t
     group by net, transition`,
    [session])
}
