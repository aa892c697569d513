import type { Queryable } from '../database.js'

const text = `
with recursive pools as (
  (select pool, labels, due_at from runtime.effects where state = 'pending' order by pool, due_at limit 1)
  union all
  select n.pool, n.labels, n.due_at from pools p cross join lateral
    (select pool, labels, due_at from runtime.effects where state = 'pending' and pool > p.pool order by pool, due_at limit 1) n
), next as (
  select (select e.due_at from runtime.effects e where e.pool = p.pool and e.state = 'pending' and e.due_at > now() order by e.due_at limit 1) as due_at
  from pools p where p.labels <@ $1::jsonb
)
select extract(epoch from min(due_at) - now())::float8 * 1000 as ms from next`

/** Milliseconds until the next effect falls due that these labels may serve; undefined when none waits for its time. */
export async function due(db: Queryable, labels: Readonly<Record<string, string>>): Promise<number | undefined> {
  const [row] = await db.query<{ ms: number | null }>(text, [JSON.stringify(labels)], 'effects_due')
  return row?.ms ?? undefined
}
