import { randomUUID } from 'node:crypto'
import { hashToken } from '../../controller/api/secret.js'
import type { Database } from '../../controller/store/database.js'
import { insertCapabilities } from '../../controller/store/capabilities/insert.js'

interface Given {
  readonly session: string
  readonly net?: string
  readonly transition?: string
  readonly role: string
  readonly firing?: number
  readonly correlation?: string
  readonly writes?: readonly { readonly place: string; readonly category: string }[]
}

let made = 0

/** An agent's firing that is leased, and the capability of its lease: as engine and dispatch would leave them. */
export async function leasedAgent(db: Database, { session, net = 'n', transition = 'agent', role, firing = 900_000 + ++made, correlation = `talk-${firing}`, writes = [] }: Given): Promise<{ token: string; id: string; firing: number; lease: string }> {
  const lease = randomUUID()
  const request = { timeoutMs: 600_000, idempotencyKey: `${session}/${firing}`, credentials: {}, correlation, request: { kind: 'agent', prompt: 'Do it.', role, maxIterations: 5, inputs: [], writes } }
  await db.query(
    `insert into runtime.effects (session, firing, attempt, net, transition, kind, state, labels, pool, request, hold, due_at, lease, executor, leased_at, lease_until)
     values ($1, $2, 1, $3, $4, 'agent', 'leased', '{}', '{}', $5, $6, now(), $7, 'test', now(), now() + interval '10 minutes')`,
    [session, firing, net, transition, JSON.stringify(request), '{}', lease])
  const id = `test${randomUUID().replaceAll('-', '').slice(0, 16)}`
  const token = `anc_${id}_${randomUUID().replaceAll('-', '')}`
  await insertCapabilities(db, [{ id, hash: hashToken(token), session, firing, attempt: 1, lease, role }])
  return { token, id, firing, lease }
}
