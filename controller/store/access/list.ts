import type { Queryable } from '../database.js'
import type { AccessRow } from './row.js'

/** All access tokens, newest first, 1,000 at most. */
export async function listAccess(db: Queryable): Promise<AccessRow[]> {
  return db.query<AccessRow>(
    `select id, kind, name, scopes, sessions, agent, role, created_at, expires_at, revoked_at, last_used_at
     from runtime.access_tokens order by created_at desc, id limit 1000`)
}
