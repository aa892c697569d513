import type { Queryable } from '../database.js'

/** Marks leased effects of the scope: their executors hear of it at the next heartbeat. */
export async function cancelEffects(tx: Queryable, sessions: readonly string[], net: string, transition: string, reason: string): Promise<void> {
  await tx.query(
    `update runtime.effects set cancel = coalesce(cancel, $4)
     where session = any ($1) and state = 'leased' and ($2 = '' or net = $2) and ($3 = '' or transition = $3)`,
    [sessions, net, transition, reason])
}
