import type { Queryable } from '../database.js'

export interface Released {
  readonly session: string
  readonly firing: number
  readonly pool: string
}

// A stop may have come meanwhile, and what is released then is held. Stop locks the session rows: `lockSessions` waits it
// out, and this statement, sent after it, sees what the stop wrote.
const text = `
with given as (
  select * from unnest($2::text[], $3::bigint[], $4::uuid[]) as g (session, firing, lease)
), locked as (
  select e.session, e.firing from runtime.effects e join given g on g.session = e.session and g.firing = e.firing
  where e.state = 'leased' and e.executor = $1 and e.lease = g.lease
  order by e.session, e.firing for update of e
)
update runtime.effects e
set state = case when exists (
      select from runtime.lifecycle s where s.state = 'stopped' and s.session in ('*', e.session)
        and s.net in ('', e.net) and s.transition in ('', e.transition)) then 'held' else 'pending' end,
    lease = null, executor = null, leased_at = null, lease_until = null
from locked l where e.session = l.session and e.firing = l.firing
returning e.session, e.firing, e.pool`

/** Leased effects become pending again, attempt unused; held where a stop stands. Needs the session locks in `tx`. */
export function release(tx: Queryable, executor: string, leases: readonly { session: string, firing: number, lease: string }[]): Promise<Released[]> {
  return tx.query<Released>(text, [executor, leases.map((l) => l.session), leases.map((l) => l.firing), leases.map((l) => l.lease)], 'effects_release')
}
