import type { Queryable } from '../database.js'

export interface TokenRow {
  readonly id: string
  readonly hash: string
  readonly kind: 'bootstrap' | 'executor'
  readonly name: string
}

const text = `select id, hash, kind, name from runtime.access_tokens
  where hash = $1 and kind in ('bootstrap', 'executor') and revoked_at is null and (expires_at is null or expires_at > now())`

/** The valid bootstrap or executor token with this SHA-256, if there is one. */
export async function findToken(db: Queryable, hash: string): Promise<TokenRow | undefined> {
  const [row] = await db.query<TokenRow>(text, [hash], 'executors_find_token')
  return row
}
