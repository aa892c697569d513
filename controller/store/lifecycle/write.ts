import type { Queryable } from '../database.js'

/** Writes what a person decided; net '' and transition '' are the whole of what contains them, session '*' everything. */
export async function writeLifecycle(
  tx: Queryable, session: string, net: string, transition: string, state: 'running' | 'stopped', by: string, reason: string,
): Promise<void> {
  await tx.query(
    `insert into runtime.lifecycle (session, net, transition, state, by, reason) values ($1, $2, $3, $4, $5, $6)
     on conflict (session, net, transition)
     do update set state = excluded.state, by = excluded.by, reason = excluded.reason, at = now()`,
    [session, net, transition, state, by, reason])
}
