import type { LeaseRef, Verdict } from '../../../protocol/executor.js'
import type { Queryable } from '../database.js'

export interface Settlement extends LeaseRef {
  /** SHA-256 of the outcome's canonical text */
  readonly hash: string
  /** canonical text of protocol/inbox.ts outcomeBody */
  readonly body: string
  /** its workspace was found missing: this use does not count */
  readonly lost: boolean
}

export interface Settled {
  readonly session: string
  readonly firing: number
  readonly attempt: number
  readonly verdict: Verdict
  /** null where there is no such effect */
  readonly kind: string | null
  readonly seconds: number | null
}

// The lock waits, then reads the row as it is after the wait; the verdict stands on that, never on the snapshot.
const text = `
with given as (
  select * from unnest($2::text[], $3::bigint[], $4::int[], $5::uuid[], $6::text[], $7::text[], $8::bool[])
    as g (session, firing, attempt, lease, hash, body, lost)
), locked as (
  select e.session, e.firing, e.attempt, e.state, e.lease, e.executor, e.workspace, e.outcome_hash, e.kind, e.leased_at
  from runtime.effects e join given g on g.session = e.session and g.firing = e.firing
  order by e.session, e.firing for update of e
), judged as (
  select g.*, l.workspace, l.kind, extract(epoch from now() - l.leased_at)::float8 as seconds, case
    when l.attempt is distinct from g.attempt or l.lease is distinct from g.lease or l.executor is distinct from $1 then 'lost'
    when l.state = 'leased' then 'settled'
    when l.outcome_hash is null then 'lost'
    when l.outcome_hash = g.hash then 'repeated'
    else 'conflict' end as verdict
  from given g left join locked l on l.session = g.session and l.firing = g.firing
), won as (
  update runtime.effects e set state = 'settled', outcome_hash = j.hash, lease_until = null, settled_at = now()
  from judged j where j.verdict = 'settled' and e.session = j.session and e.firing = j.firing
), sent as (
  insert into runtime.inbox (session, kind, key, body)
  select session, 'outcome', 'outcome:' || firing || ':' || attempt, body from judged where verdict = 'settled'
), used as (
  update runtime.workspaces w set used_at = now(), begun = true
  from judged j where j.verdict = 'settled' and j.workspace <> '' and not j.lost and w.session = j.session and w.workspace = j.workspace
)
select session, firing, attempt, verdict, kind, seconds from judged`

/** Settles outcomes of an executor, each judged by itself; one that settles is an inbox row of its session in the same step. */
export function settle(db: Queryable, executor: string, outcomes: readonly Settlement[]): Promise<Settled[]> {
  const column = <K extends keyof Settlement>(key: K) => outcomes.map((o) => o[key])
  const values = [column('session'), column('firing'), column('attempt'), column('lease'), column('hash'), column('body'), column('lost')]
  return db.query<Settled>(text, [executor, ...values], 'effects_settle')
}
