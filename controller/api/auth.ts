import type { FastifyRequest } from 'fastify'
import type { Scope } from '../../protocol/api/route.js'
import { fail } from '../errors.js'
import { findAccess } from '../store/access/find.js'
import { touchAccess } from '../store/access/touch.js'
import type { Database } from '../store/database.js'
import { gather } from './gather.js'
import { EVERYONE, holds, type Principal } from './principal.js'
import { hashToken, sameHash, tokenIdOf } from './secret.js'

type Find = (id: string) => ReturnType<typeof findAccess>

const AT_ONCE = 200
const NO_HASH = '0'.repeat(64)
const HOW = 'send the header "Authorization: Bearer ant_..."; agenticos token create makes one, the first lies in <data directory>/admin-token'

/** Who a token belongs to; 401 with the reason when it is none, expired or revoked. Asked of the database each time. */
export async function authenticate(db: Database, token: string | undefined, find: Find = (id) => findAccess(db, id)): Promise<Principal> {
  if (token === undefined) fail('unauthenticated', 'no access token came with the request', HOW)
  const id = tokenIdOf(token)
  const row = id === undefined ? undefined : await find(id)
  const right = sameHash(hashToken(token), row?.hash ?? NO_HASH)
  if (!row || !right) fail('unauthenticated', 'the access token is not known here', HOW)
  if (row.revoked_at) fail('unauthenticated', `the access token ${row.name} was revoked`, HOW)
  if (row.expired) fail('unauthenticated', `the access token ${row.name} has expired`, HOW)
  if (row.last_used_at === null || Date.now() - row.last_used_at.getTime() > 60_000) void touchAccess(db, row.id).catch(() => undefined)
  return { id: row.id, name: row.name, kind: row.kind, scopes: row.scopes, sessions: row.sessions, agent: row.agent, role: row.role }
}

/** The token in the headers: Bearer, or the password of Basic (git). */
export function tokenFrom(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization
  if (header === undefined) return undefined
  const [scheme, value = ''] = header.split(' ', 2)
  if (/^bearer$/i.test(scheme ?? '')) return value
  if (/^basic$/i.test(scheme ?? '')) {
    const text = Buffer.from(value, 'base64').toString('utf8')
    return text.slice(text.indexOf(':') + 1)
  }
  return undefined
}

/** Makes the hook's check: the token must hold the scope. With auth off everyone holds all. */
export function authorizer(db: Database, enabled: boolean) {
  // those who come with one token while it is asked for are answered together by the next asking
  const find = gather(AT_ONCE, async (ids: readonly string[]) => {
    const asked = new Map([...new Set(ids)].map((id) => [id, findAccess(db, id)]))
    return Promise.all(ids.map((id) => asked.get(id)!))
  })
  return async (request: FastifyRequest, scope: Scope): Promise<Principal> => {
    const principal = enabled ? await authenticate(db, tokenFrom(request), find) : EVERYONE
    if (!holds(principal, scope)) {
      fail('forbidden', `token ${principal.name} lacks the scope ${scope}; it has ${principal.scopes.join(', ') || 'none'}`,
        `use a token with the scope ${scope}: agenticos token create NAME --scope ${scope}`)
    }
    return principal
  }
}
