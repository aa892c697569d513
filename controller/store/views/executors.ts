import type { Queryable } from '../database.js'

export interface ExecutorRow {
  readonly name: string
  readonly state: 'ready' | 'draining' | 'gone'
  readonly labels: Record<string, string>
  readonly capacity: number
  readonly leased: number
  readonly kinds: string[]
  readonly version: string
  readonly host: string
  readonly registered_at: Date
  readonly seen_at: Date
}

/** Executors by name; one not heard of for a minute is told as gone. */
export async function listExecutors(db: Queryable, after: string, limit: number): Promise<ExecutorRow[]> {
  return db.query<ExecutorRow>(
    `select e.executor as name, case when e.seen_at < now() - interval '1 minute' then 'gone' else e.state end as state,
            e.labels, e.capacity, coalesce(l.leased, 0) as leased, e.kinds, e.version, e.host, e.registered_at, e.seen_at
     from runtime.executors e
     left join (select executor, count(*) as leased from runtime.effects where state = 'leased' group by executor) l using (executor)
     where e.executor > $1 order by e.executor limit $2`,
    [after, limit])
}
