import { createHash, timingSafeEqual } from 'node:crypto'
import { fail } from '../errors.js'
import type { Queryable } from '../store/database.js'
import { findToken, type TokenRow } from '../store/executors/find-token.js'

export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** Who holds the token of an `authorization` header. Looked up each time: a revoked token is refused from that moment. */
export async function authenticate(db: Queryable, header: string | undefined): Promise<TokenRow> {
  const token = /^Bearer ([\x21-\x7e]{16,512})$/.exec(header ?? '')?.[1]
  if (token === undefined) {
    fail('unauthenticated', 'no bearer token came with the request', 'send `authorization: Bearer <executor or bootstrap token>`')
  }
  const hash = tokenHash(token)
  const row = await findToken(db, hash)
  if (row === undefined || !timingSafeEqual(Buffer.from(row.hash), Buffer.from(hash))) {
    fail('unauthenticated', 'the token is unknown, revoked or expired',
      'give the executor a new bootstrap token: agenticos token create NAME --kind bootstrap')
  }
  return row
}

export interface Principal {
  readonly executor: string
  readonly token: string
  readonly labels: Readonly<Record<string, string>>
  readonly kinds: readonly string[]
}

/** The registered executor behind a token; a bootstrap token, or one that was replaced, is not enough. */
export function asExecutor(row: TokenRow): Principal {
  if (row.kind !== 'executor' || row.labels === null || row.kinds === null) {
    fail('forbidden', `the ${row.kind} token ${row.name} is not that of a registered executor`, 'register first: POST /v1/executors/register')
  }
  return { executor: row.name, token: row.id, labels: row.labels, kinds: row.kinds }
}
