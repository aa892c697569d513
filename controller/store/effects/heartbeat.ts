import type { LeaseRef } from '../../../protocol/executor.js'
import type { Queryable } from '../database.js'

export interface Beat {
  readonly session: string
  readonly firing: number
  readonly attempt: number
  readonly cancel: boolean
}

// Rows are locked in key order first, as in settle and expire: batches that meet never wait in a circle.
const text = `
with given as (
  select * from unnest($2::text[], $3::bigint[], $4::int[], $5::uuid[]) as g (session, firing, attempt, lease)
), locked as (
  select e.session, e.firing from runtime.effects e join given g on g.session = e.session and g.firing = e.firing
  where e.state = 'leased' and e.executor = $1 and e.attempt = g.attempt and e.lease = g.lease
  order by e.session, e.firing for update of e
)
update runtime.effects e set lease_until = now() + $6::int * interval '1 millisecond'
from locked l where e.session = l.session and e.firing = l.firing
returning e.session, e.firing, e.attempt, e.cancel is not null as cancel`

/** Prolongs the leases that still stand, and gives those; what is missing in the answer is lost. */
export function heartbeat(db: Queryable, executor: string, leases: readonly LeaseRef[], leaseMs: number): Promise<Beat[]> {
  const columns = [leases.map((l) => l.session), leases.map((l) => l.firing), leases.map((l) => l.attempt), leases.map((l) => l.lease)]
  return db.query<Beat>(text, [executor, ...columns, leaseMs], 'effects_heartbeat')
}
