import type { Queryable } from '../database.js'

export interface SpendRow {
  readonly session: string | null
  readonly net: string | null
  readonly model: string | null
  readonly day: string | null
  readonly calls: number
  readonly input: number
  readonly cached: number
  readonly output: number
  readonly micros: number
}

export type SpendBy = 'session' | 'net' | 'model' | 'day'

/** Money of these sessions since a day (null: ever), added up by one thing: the dearest first, days in order. */
export function spendBy(db: Queryable, by: SpendBy, sessions: readonly string[], net: string | null, since: string | null): Promise<SpendRow[]> {
  return db.query<SpendRow>(
    `select case when $1 in ('session', 'net') then session end as session, case when $1 = 'net' then net end as net,
            case when $1 = 'model' then model end as model, case when $1 = 'day' then day::text end as day,
            sum(calls)::bigint as calls, sum(input)::bigint as input, sum(cached)::bigint as cached, sum(output)::bigint as output, sum(micros)::bigint as micros
       from runtime.spend
      where session = any ($2) and ($3::text is null or net = $3) and ($4::text is null or day >= ($4::timestamptz at time zone 'utc')::date)
      group by 1, 2, 3, 4
      order by 4, 9 desc, 1, 2, 3`,
    [by, sessions, net, since], 'spend-by')
}
