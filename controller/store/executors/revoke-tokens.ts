import type { Queryable } from '../database.js'

const text = `update runtime.access_tokens set revoked_at = now() where kind = 'executor' and name = $1 and revoked_at is null`

/** Revokes every own token of an executor. */
export async function revokeTokens(tx: Queryable, name: string): Promise<void> {
  await tx.query(text, [name])
}
