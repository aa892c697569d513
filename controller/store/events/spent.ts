import type { Queryable } from '../database.js'

export interface SpentRow {
  readonly session: string
  readonly transition: string
  readonly firings: number
  readonly failed: number
  readonly usd: number
}

/** Firings, failures and money by transition (as the events name it), from the log itself. */
export async function spentByTransition(db: Queryable, session: string | null, since: string | null): Promise<SpentRow[]> {
  return db.query<SpentRow>(
    `select session, transition, sum(fired)::bigint as firings, sum(failed)::bigint as failed, sum(usd)::float8 as usd
     from (
       select e.session, coalesce(e.transition, '') as transition,
              (e.type in ('transition.fired', 'effect.settled'))::int as fired, (e.type = 'transition.failed')::int as failed,
              coalesce((e.event ->> 'usd')::numeric, 0) as usd
       from runtime.events e
       where ($1::text is null or e.session = $1) and ($2::timestamptz is null or e.at >= $2)
         and e.type in ('transition.fired', 'effect.settled', 'transition.failed', 'effect.retried')) t
     where transition <> ''
     group by session, transition order by 5 desc, session, transition limit 1000`,
    [session, since])
}
