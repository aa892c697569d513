import type { Queryable } from '../database.js'

/** Milliseconds since exactly this scope was stopped; 0 when it is not. */
export async function stoppedFor(tx: Queryable, session: string, net: string, transition: string): Promise<number> {
  const rows = await tx.query<{ ms: number }>(
    `select floor(extract(epoch from now() - at) * 1000)::bigint as ms from runtime.lifecycle
      where session = $1 and net = $2 and transition = $3 and state <> 'running'`,
    [session, net, transition])
  return Math.max(0, rows[0]?.ms ?? 0)
}
