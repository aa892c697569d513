import type { Queryable } from '../database.js'

export interface SpentRow {
  readonly session: string
  readonly micros: number
}

/** What sessions spent in all, in micro-dollars; of one transition where it is named. */
export async function readSpent(db: Queryable, session: string | null, net: string | null, transition: string | null): Promise<SpentRow[]> {
  return db.query<SpentRow>(
    `select session, sum(micros)::bigint as micros from runtime.spend
     where ($1::text is null or session = $1) and ($2::text is null or net = $2) and ($3::text is null or transition = $3)
     group by session`,
    [session, net, transition], 'spent-read')
}
