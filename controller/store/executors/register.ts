import type { RegisterRequest } from '../../../protocol/executor.js'
import type { Queryable } from '../database.js'

// One name, one executor: another host may take a name only when its holder has been quiet for `quietMs`.
const text = `
insert into runtime.executors as x (executor, labels, capacity, version, protocol, host, kinds, state, token)
values ($1, $2, $3, $4, $5, $6, $7, 'ready', $8)
on conflict (executor) do update
set labels = excluded.labels, capacity = excluded.capacity, version = excluded.version, protocol = excluded.protocol, host = excluded.host,
    kinds = excluded.kinds, state = 'ready', token = excluded.token, registered_at = now(), seen_at = now()
where x.host = excluded.host or x.state <> 'ready' or x.seen_at < now() - $9::int * interval '1 millisecond'
returning executor`

/** Writes the executor's row. False: another host holds the name and was heard of just now. */
export async function register(tx: Queryable, request: RegisterRequest, token: string, quietMs: number): Promise<boolean> {
  const { name, labels, capacity, version, protocol, host, kinds } = request
  const values = [name, JSON.stringify(labels), capacity, version, protocol, host, kinds, token, quietMs]
  return (await tx.query<{ executor: string }>(text, values)).length === 1
}
