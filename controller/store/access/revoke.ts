import type { Queryable } from '../database.js'
import type { AccessRow } from './row.js'

/** Revokes an access token; the first time stands. */
export async function revokeAccess(db: Queryable, id: string): Promise<AccessRow | undefined> {
  const rows = await db.query<AccessRow>(
    `update runtime.access_tokens set revoked_at = coalesce(revoked_at, now()) where id = $1
     returning id, kind, name, scopes, sessions, agent, role, created_at, expires_at, revoked_at, last_used_at`,
    [id])
  return rows[0]
}
