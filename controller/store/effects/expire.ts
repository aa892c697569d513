import type { Queryable } from '../database.js'

export interface Expired {
  readonly session: string
  readonly firing: number
  readonly attempt: number
  readonly executor: string
}

// The body is what protocol/inbox.ts outcomeBody says; a later settle finds no lease and is lost.
const text = `
with ended as (
  select session, firing, attempt, executor, workspace, cancel from runtime.effects
  where state = 'leased' and lease_until < now() and (kind not in ('llm', 'agent') or lost >= 3 or cancel is not null)
  order by session, firing limit 1000 for update skip locked
), settled as (
  update runtime.effects e set state = 'settled', lease = null, lease_until = null, settled_at = now()
  from ended x where e.session = x.session and e.firing = x.firing
), sent as (
  insert into runtime.inbox (session, kind, key, body)
  select session, 'outcome', 'outcome:' || firing || ':' || attempt, jsonb_build_object(
    'firing', firing, 'attempt', attempt, 'executor', executor, 'outcome', jsonb_build_object(
      'status', 'failed', 'code', case when cancel is null then 'executor-lost' else 'cancelled' end, 'retryable', cancel is null, 'detail', null,
      'message', case when cancel is null then format('executor %s neither finished nor answered before its lease ended', executor)
                      else format('it was cancelled (%s), and executor %s did not tell how far it had come', cancel, executor) end))::text
  from ended
), used as (
  update runtime.workspaces w set begun = true from ended x where x.workspace <> '' and w.session = x.session and w.workspace = x.workspace
)
select session, firing, attempt, executor from ended`

/** Settles effects whose lease has ended, as failed `executor-lost`, through the inbox: 1,000 at most. What goes on from its record is left to `goOn`. */
export function expire(db: Queryable): Promise<Expired[]> {
  return db.query<Expired>(text, [], 'effects_expire')
}
