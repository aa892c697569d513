import type { FastifyInstance } from 'fastify'
import { API } from '../../../protocol/api.js'
import type { AccessAnswer } from '../../../protocol/api/access.js'
import type { Scope } from '../../../protocol/api/route.js'
import type { Role } from '../../../tools/role.js'
import { fail } from '../../errors.js'
import { createAccess } from '../../store/access/create.js'
import { findAccess } from '../../store/access/find.js'
import { listAccess } from '../../store/access/list.js'
import { revokeAccess } from '../../store/access/revoke.js'
import type { AccessRow } from '../../store/access/row.js'
import { missing } from '../applied.js'
import type { Context } from '../context.js'
import { mount } from '../mount.js'
import { iso, isoOrNull } from '../page.js'
import { requireSession } from '../principal.js'
import { mint } from '../secret.js'

/** Access tokens: made, listed and revoked by admins; a secret is told once. */
export function accessRoutes(app: FastifyInstance, { db }: Context): void {
  mount(app, API.listAccess, async ({ principal }) => {
    requireSession(principal, '*')
    return { items: (await listAccess(db)).map(showAccess) }
  })

  mount(app, API.createAccess, async ({ body, principal, reply }) => {
    // who may make tokens may make one for everything
    requireSession(principal, '*')
    const scopes = body.scopes.length === 0 && body.role !== undefined ? scopesOf(body.role) : body.scopes
    if (body.kind === 'api' && scopes.length === 0) {
      fail('bad-request', 'body scopes: an api token needs one scope at least', 'give a role, or some of read, put, operate, propose, approve, merge, admin')
    }
    if (body.kind === 'bootstrap' && (scopes.length > 0 || body.agent)) {
      fail('bad-request', 'body scopes: a bootstrap token has none, it only registers executors', 'leave scopes, role and agent out')
    }
    const { id, token, hash } = mint()
    const row = await createAccess(db, { id, hash, kind: body.kind, name: body.name, scopes, sessions: body.sessions, expiresInDays: body.expiresInDays ?? null, agent: body.agent, role: body.role ?? null })
    return reply.code(201).header('cache-control', 'no-store').send({ ...showAccess(row), token })
  })

  mount(app, API.revokeAccess, async ({ params, principal }) => {
    requireSession(principal, '*')
    const row = await revokeAccess(db, params.id)
    return row ? showAccess(row) : missing('access token', params.id, (await listAccess(db)).map((one) => one.id), 'agenticos token list')
  })

  mount(app, API.whoami, async ({ principal }) => {
    const row = await findAccess(db, principal.id)
    if (row) return showAccess(row)
    return { ...principal, scopes: [...principal.scopes], sessions: [...principal.sessions], createdAt: new Date(0).toISOString(), expiresAt: null, revokedAt: null, lastUsedAt: null }
  })
}

function showAccess(row: AccessRow): AccessAnswer {
  return {
    id: row.id, kind: row.kind, name: row.name, scopes: row.scopes, sessions: row.sessions, agent: row.agent, role: row.role, createdAt: iso(row.created_at),
    expiresAt: isoOrNull(row.expires_at), revokedAt: isoOrNull(row.revoked_at), lastUsedAt: isoOrNull(row.last_used_at),
  }
}

/** What a role of tools needs of the API, where no scopes are given. */
function scopesOf(role: Role): Scope[] {
  return ['read', ...(role.includes('w') ? ['put', 'propose'] as const : []), ...(role.includes('x') ? ['operate'] as const : [])]
}
