import type { Outcome } from '../../../protocol/effect.js'
import type { ErrandRef } from '../../../protocol/errand.js'
import type { Queryable } from '../database.js'

const text = `
with given as (select * from unnest($2::uuid[], $3::uuid[], $4::text[]) as g (id, lease, outcome))
update runtime.errands e set state = 'done', outcome = g.outcome, lease_until = null
from given g where e.id = g.id and e.lease = g.lease and e.executor = $1 and e.state = 'leased'
returning e.id`

/** Takes outcomes of an executor. Gives the ids of those that still had their lease. */
export async function settleErrands(db: Queryable, executor: string, settled: readonly (ErrandRef & { readonly outcome: Outcome })[]): Promise<string[]> {
  const values = [executor, settled.map((one) => one.id), settled.map((one) => one.lease), settled.map((one) => JSON.stringify(one.outcome))]
  return (await db.query<{ id: string }>(text, values, 'errands_settle')).map((row) => row.id)
}
