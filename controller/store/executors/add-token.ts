import type { Queryable } from '../database.js'

const text = `insert into runtime.access_tokens (id, hash, kind, name, scopes, expires_at)
  values ($1, $2, $3, $4, '{executor}', now() + $5::float8 * interval '1 millisecond')`

interface NewToken {
  readonly id: string
  readonly hash: string
  readonly kind: 'bootstrap' | 'executor'
  readonly name: string
  readonly lifeMs: number | null
}

/** Stores a token's hash; a null life never ends. */
export async function addToken(tx: Queryable, token: NewToken): Promise<void> {
  await tx.query(text, [token.id, token.hash, token.kind, token.name, token.lifeMs])
}
