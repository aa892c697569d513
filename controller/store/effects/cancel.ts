import type { Queryable } from '../database.js'

// The body is what protocol/inbox.ts outcomeBody says. What no executor has is over at once; what one has, it hears of at its next heartbeat.
const text = `
with found as (
  select session, firing, attempt, state from runtime.effects where session = $1 and firing = $2 for update
), told as (
  update runtime.effects e set cancel = coalesce(e.cancel, $3)
  from found f where f.state = 'leased' and e.session = f.session and e.firing = f.firing
), ended as (
  update runtime.effects e set state = 'settled', cancel = $3, settled_at = now(), waiting = '', waiting_scope = ''
  from found f where f.state in ('pending', 'held') and e.session = f.session and e.firing = f.firing
), sent as (
  insert into runtime.inbox (session, kind, key, body)
  select session, 'outcome', 'outcome:' || firing || ':' || attempt, jsonb_build_object(
    'firing', firing, 'attempt', attempt, 'executor', '', 'outcome', jsonb_build_object(
      'status', 'failed', 'code', 'cancelled', 'retryable', false, 'detail', null, 'message', $3::text))::text
  from found where state in ('pending', 'held')
)
select state from found`

/** Ends one firing's effect as failed `cancelled`, at once or through its executor. Gives the state it was in; undefined: there is none. */
export async function cancelEffect(db: Queryable, session: string, firing: number, reason: string): Promise<string | undefined> {
  const [row] = await db.query<{ state: string }>(text, [session, firing, reason], 'effects_cancel_one')
  return row?.state
}
