import type { EffectOrder } from '../../../protocol/effect.js'
import type { Queryable } from '../database.js'

export interface LeaseQuery {
  readonly executor: string
  /** id of its access token: a revoked one leases nothing, even when its poll began before */
  readonly token: string
  readonly labels: Readonly<Record<string, string>>
  readonly kinds: readonly string[]
  readonly lease: string
  readonly slots: number
  readonly leaseMs: number
  /** the session served last: the turn goes to those after it */
  readonly after: string
}

export interface LeasedRow {
  readonly session: string
  readonly firing: number
  readonly attempt: number
  readonly net: string
  readonly transition: string
  readonly workspace: string
  readonly fresh: boolean
  readonly request: EffectOrder
}

// a. Pools are found by hopping over the index of what is pending: as many probes as pools, however many effects.
// b. A session's n-th effect waits until every other session in the window had its n-th; the turn starts after the last one served.
// c. Of a workspace only its oldest due command, and only while none of it is leased; effects_workspace holds the rest.
const text = `
with recursive pools as (
  (select pool, labels from runtime.effects where state = 'pending' order by pool limit 1)
  union all
  select n.pool, n.labels from pools p cross join lateral
    (select pool, labels from runtime.effects where state = 'pending' and pool > p.pool order by pool limit 1) n
), due as materialized (
  select d.* from pools p cross join lateral (
    select e.session, e.firing, e.workspace, e.due_at from runtime.effects e
    where e.pool = p.pool and e.state = 'pending' and e.due_at <= now() and e.kind = any($4)
      and (e.workspace = '' or (
        not exists (select from runtime.effects b where b.session = e.session and b.workspace = e.workspace and b.state = 'leased' and b.workspace <> '')
        and not exists (select from runtime.workspaces w where w.session = e.session and w.workspace = e.workspace and w.begun and w.executor <> $1)))
    order by e.due_at limit greatest(1024, 4 * $6::int)) d
  where p.labels <@ $3::jsonb
), ranked as (
  select session, firing, workspace, due_at,
         row_number() over (partition by session order by due_at, firing) as turn,
         case when workspace = '' then 1 else row_number() over (partition by session, workspace order by firing) end as place
  from due
), chosen as (
  select e.session, e.firing
  from ranked r join runtime.effects e on e.session = r.session and e.firing = r.firing
  where e.state = 'pending' and r.place = 1
    and exists (select from runtime.access_tokens t where t.id = $2 and t.revoked_at is null and (t.expires_at is null or t.expires_at > now()))
  order by r.turn, r.session <= $8, r.session, r.due_at
  limit $6::int for update of e skip locked
), leased as (
  update runtime.effects e
  set state = 'leased', lease = $5, executor = $1, leased_at = now(), lease_until = now() + $7::int * interval '1 millisecond',
      cancel = null, outcome_hash = null
  from chosen c where e.session = c.session and e.firing = c.firing
  returning e.session, e.firing, e.attempt, e.net, e.transition, e.workspace, e.request
), held as (
  insert into runtime.workspaces (session, workspace, executor)
  select session, workspace, $1 from leased where workspace <> ''
  on conflict (session, workspace) do update set executor = excluded.executor, used_at = now() where not runtime.workspaces.begun
)
select l.*, not exists (select from runtime.workspaces w where w.session = l.session and w.workspace = l.workspace and w.begun) as fresh
from leased l order by l.session, l.firing`

/** Leases up to `slots` due effects for an executor, sessions in turn. `now()` of the database is the clock. */
export function lease(db: Queryable, query: LeaseQuery): Promise<LeasedRow[]> {
  const { executor, token, labels, kinds, lease, slots, leaseMs, after } = query
  return db.query<LeasedRow>(text, [executor, token, JSON.stringify(labels), kinds, lease, slots, leaseMs, after], 'effects_lease')
}
