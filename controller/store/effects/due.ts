import type { Queryable } from '../database.js'

const text = `
with recursive pools as (
  (select pool, labels from runtime.effects where state = 'pending' order by pool limit 1)
  union all
  select n.pool, n.labels from pools p cross join lateral
    (select pool, labels from runtime.effects where state = 'pending' and pool > p.pool order by pool limit 1) n
), ends as (
  select (select e.due_at from runtime.effects e where e.pool = p.pool and e.state = 'pending' order by e.due_at limit 1) as first,
         (select e.due_at from runtime.effects e where e.pool = p.pool and e.state = 'pending' and e.due_at > now() order by e.due_at limit 1) as next
  from pools p where p.labels <@ $1::jsonb
)
select coalesce(bool_or(first <= now()), false) as overdue, extract(epoch from min(next) - now())::float8 * 1000 as next from ends`

export interface Due {
  /** something is due already, but could not be leased: its workspace is busy, its kind is another's, or a race was lost */
  readonly overdue: boolean
  /** milliseconds until the next effect falls due; null when none waits for its time */
  readonly next: number | null
}

/** What an executor with these labels can hope for when it has just leased nothing. */
export async function due(db: Queryable, labels: Readonly<Record<string, string>>): Promise<Due> {
  const [row] = await db.query<Due>(text, [JSON.stringify(labels)], 'effects_due')
  return row!
}
