import type { ErrandRef } from '../../../protocol/errand.js'
import type { Queryable } from '../database.js'

const text = `
with given as (select * from unnest($2::uuid[], $3::uuid[]) as g (id, lease))
update runtime.errands e set lease_until = now() + $4::float8 * interval '1 millisecond'
from given g where e.id = g.id and e.lease = g.lease and e.executor = $1 and e.state = 'leased' and e.lease_until > now()
returning e.id`

/** Prolongs what an executor is at. Gives the ids that are still its own. */
export async function holdErrands(db: Queryable, executor: string, refs: readonly ErrandRef[], leaseMs: number): Promise<string[]> {
  if (refs.length === 0) return []
  const rows = await db.query<{ id: string }>(text, [executor, refs.map((ref) => ref.id), refs.map((ref) => ref.lease), leaseMs], 'errands_hold')
  return rows.map((row) => row.id)
}
