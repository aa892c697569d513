import type { LeaseRef } from '../../../protocol/executor.js'
import type { Queryable } from '../database.js'

// A cancelled effect is not put back: its executor hears of it at the next heartbeat. Under a stop it is held, as in `release`.
const text = `
update runtime.effects e
set state = case when exists (
      select from runtime.lifecycle s where s.state = 'stopped' and s.session in ('*', e.session)
        and s.net in ('', e.net) and s.transition in ('', e.transition)) then 'held' else 'pending' end,
    due_at = now() + coalesce($6::bigint * interval '1 millisecond', interval '365 days'), waiting = $7, waiting_scope = $8,
    lease = null, executor = null, leased_at = null, lease_until = null
where e.session = $2 and e.firing = $3 and e.attempt = $4 and e.lease = $5 and e.executor = $1 and e.state = 'leased' and e.cancel is null
returning e.pool`

/** Puts a leased effect back until a budget or rate allows more, its attempt unused. Needs the session's lock in `tx`. */
export async function putBack(
  tx: Queryable, executor: string, { session, firing, attempt, lease }: LeaseRef, untilMs: number | undefined, message: string, scope: string,
): Promise<string | undefined> {
  const [row] = await tx.query<{ pool: string }>(text, [executor, session, firing, attempt, lease, untilMs ?? null, message, scope], 'effects_wait')
  return row?.pool
}
