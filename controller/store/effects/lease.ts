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

// a. Pools and sessions are found by hopping over an index of what is pending: as many probes as there are of them,
//    however many effects. Hops begin after the session served last, and go round once.
// b. Each session found gets an equal share of the slots, at least one; rows that another lease has just locked are passed by.
// c. It does not wait for the disk: a lease that a crash of the database forgets is leased again, as at-least-once allows, and
//    no outcome of it is ever taken without its row.
// d. Of a workspace only its oldest due command, and only while none of it is leased; the index effects_workspace holds the rest.
const leasable = `e.pool = p.pool and e.state = 'pending' and e.due_at <= now() and e.kind = any($4)
      and (e.workspace = '' or (
        not exists (select from runtime.effects b where b.session = e.session and b.workspace = e.workspace and b.state = 'leased' and b.workspace <> '')
        and not exists (select from runtime.effects o where o.session = e.session and o.workspace = e.workspace and o.firing < e.firing
          and o.state = 'pending' and o.workspace <> '' and o.due_at <= now())
        and not exists (select from runtime.workspaces w where w.session = e.session and w.workspace = e.workspace and w.begun and w.executor <> $1)))`

const hops = (from: string) => `
    with recursive hop as (
      (select e.session, 1 as n from runtime.effects e where ${leasable} and ${from} order by e.session limit 1)
      union all
      select x.session, h.n + 1 from hop h cross join lateral
        (select e.session from runtime.effects e where ${leasable} and ${from} and e.session > h.session order by e.session limit 1) x
      where h.n < $6::int
    )
    select session, n from hop`

export const TEXT = `
with recursive pools as (
  (select pool, labels from runtime.effects where state = 'pending' order by pool limit 1)
  union all
  select n.pool, n.labels from pools p cross join lateral
    (select pool, labels from runtime.effects where state = 'pending' and pool > p.pool order by pool limit 1) n
), mine as (
  select pool from pools where labels <@ $3::jsonb and exists (
    select from runtime.access_tokens t where t.id = $2 and t.revoked_at is null and (t.expires_at is null or t.expires_at > now()))
    and set_config('synchronous_commit', 'off', true) is not null
), turns as (
  select p.pool, h.session, 1 as lap, h.n from mine p cross join lateral (${hops('e.session > $8')}) h
  union all
  select p.pool, h.session, 2, h.n from mine p cross join lateral (${hops('e.session <= $8')}) h
  order by lap, n limit $6::int
), shares as (
  select pool, session, greatest(1, $6::int / count(*) over ()) as share from turns
), chosen as (
  select c.session, c.firing from shares p cross join lateral (
    select e.session, e.firing from runtime.effects e where ${leasable} and e.session = p.session
    order by e.due_at limit p.share for update of e skip locked) c
), leased as (
  update runtime.effects e
  set state = 'leased', lease = $5, executor = $1, leased_at = now(), lease_until = now() + $7::int * interval '1 millisecond',
      cancel = null, outcome_hash = null, waiting = '', waiting_scope = ''
  from chosen c where e.session = c.session and e.firing = c.firing
  returning e.session, e.firing, e.attempt, e.net, e.transition, e.workspace, e.request
), held as (
  insert into runtime.workspaces (session, workspace, executor)
  select session, workspace, $1 from leased where workspace <> ''
  on conflict (session, workspace) do update set executor = excluded.executor, used_at = now() where not runtime.workspaces.begun
)
select l.*, not exists (select from runtime.workspaces w where w.session = l.session and w.workspace = l.workspace and w.begun) as fresh
from leased l`

/** Leases up to `slots` due effects for an executor, sessions in turn. `now()` of the database is the clock. */
export function lease(db: Queryable, query: LeaseQuery): Promise<LeasedRow[]> {
  const { executor, token, labels, kinds, lease, slots, leaseMs, after } = query
  return db.query<LeasedRow>(TEXT, [executor, token, JSON.stringify(labels), kinds, lease, slots, leaseMs, after], 'effects_lease')
}
