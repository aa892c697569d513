import type { Queryable } from '../database.js'
import { PLACES } from './place-names.js'

export interface DeadRow {
  readonly id: number
  readonly place: string
  readonly data: unknown
  readonly created_at: Date
}

/** Dead letters, newest first: the tokens of `net/_failed`. */
export async function listDead(
  db: Queryable, session: string, net: string | null, transition: string | null, before: number | null, limit: number,
): Promise<DeadRow[]> {
  return db.query<DeadRow>(
    `${PLACES}
     select id, place, data, created_at from runtime.tokens
     where session = $1 and place in (select place from places where place like '%/\\_failed' and ($2::text is null or place = $2 || '/_failed'))
       and ($3::text is null or data ->> 'transition' = $3) and ($4::bigint is null or id < $4)
     order by id desc limit $5`,
    [session, net, transition, before, limit])
}
