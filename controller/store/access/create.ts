import type { Queryable } from '../database.js'
import type { AccessRow } from './row.js'

export interface NewAccess {
  readonly id: string
  readonly hash: string
  readonly kind: 'api' | 'bootstrap' | 'executor'
  readonly name: string
  readonly scopes: readonly string[]
  readonly sessions: readonly string[]
  readonly expiresInDays: number | null
  readonly agent?: boolean
  readonly role?: string | null
}

/** Stores a new access token by its hash. */
export async function createAccess(db: Queryable, made: NewAccess): Promise<AccessRow> {
  const rows = await db.query<AccessRow>(
    `insert into runtime.access_tokens (id, hash, kind, name, scopes, sessions, expires_at, agent, role)
     values ($1, $2, $3, $4, $5, $6, now() + $7::float8 * interval '1 day', $8, $9)
     returning id, kind, name, scopes, sessions, agent, role, created_at, expires_at, revoked_at, last_used_at`,
    [made.id, made.hash, made.kind, made.name, made.scopes, made.sessions, made.expiresInDays, made.agent ?? false, made.role ?? null])
  return rows[0]!
}
