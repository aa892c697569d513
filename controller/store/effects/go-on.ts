import type { Queryable } from '../database.js'
import type { Interrupted } from './interrupted.js'

// As in release: a stop that came meanwhile is seen, because the session locks wait it out.
const text = `
with given as (
  select * from unnest($1::text[], $2::bigint[], $3::uuid[]) as g (session, firing, lease)
), locked as (
  select e.session, e.firing from runtime.effects e join given g on g.session = e.session and g.firing = e.firing
  where e.state = 'leased' and e.lease = g.lease and e.lease_until < now() and e.cancel is null
  order by e.session, e.firing for update of e
)
update runtime.effects e
set state = case when exists (
      select from runtime.lifecycle s where s.state = 'stopped' and s.session in ('*', e.session)
        and s.net in ('', e.net) and s.transition in ('', e.transition)) then 'held' else 'pending' end,
    lost = lost + 1, lease = null, executor = null, leased_at = null, lease_until = null
from locked l where e.session = l.session and e.firing = l.firing
returning e.pool`

/** Puts interrupted work back, its attempt unused: whoever leases it goes on from its record. Needs the session locks in `tx`. */
export async function goOn(tx: Queryable, work: readonly Interrupted[]): Promise<string[]> {
  const rows = await tx.query<{ pool: string }>(text, [work.map((one) => one.session), work.map((one) => one.firing), work.map((one) => one.lease)], 'effects_go_on')
  return rows.map((row) => row.pool)
}
