import type { Queryable } from '../database.js'
import type { AccessRow } from './row.js'

/** The access token of an id, with its hash; `expired` is judged by the database's clock. */
export async function findAccess(db: Queryable, id: string): Promise<(AccessRow & { hash: string; expired: boolean }) | undefined> {
  const rows = await db.query<AccessRow & { hash: string; expired: boolean }>(
    `select id, hash, kind, name, scopes, sessions, agent, role, created_at, expires_at, revoked_at, last_used_at,
            coalesce(expires_at <= now(), false) as expired
     from runtime.access_tokens where id = $1`,
    [id], 'access-find')
  return rows[0]
}
