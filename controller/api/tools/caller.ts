import type { FastifyRequest } from 'fastify'
import type { Caller } from '../../../tools/caller.js'
import { isRole, type Role } from '../../../tools/role.js'
import { fail } from '../../errors.js'
import { authenticate, tokenFrom } from '../auth.js'
import type { Context } from '../context.js'
import { EVERYONE, holds, maySee, type Principal } from '../principal.js'
import { authenticateCapability, capabilityId } from './authenticate-capability.js'
import { draftKey } from './draft-key.js'

/** Whether the request comes with a capability of an agent's firing, which opens tools and nothing else. */
export function bearsCapability(request: FastifyRequest): boolean {
  const token = tokenFrom(request)
  return token !== undefined && capabilityId(token) !== undefined
}

/** Who calls tools with this request: an agent by its capability, or whoever holds the access token. `auth` off: everyone. */
export async function callerOf(context: Context, request: FastifyRequest, tool: string, auth: boolean): Promise<Caller> {
  const token = tokenFrom(request)
  if (token !== undefined && token.startsWith('anc_')) {
    const header = (name: string) => (request.headers[name] === undefined ? undefined : String(request.headers[name]))
    return await authenticateCapability(context, token, { role: header('x-agenticos-role'), session: header('x-agenticos-session'), tool })
  }
  return callerOfPrincipal(auth ? await authenticate(context.db, token) : EVERYONE)
}

/** The holder of an access token as a caller of tools. */
export function callerOfPrincipal(principal: Principal): Caller {
  const role = roleOf(principal)
  if (role === undefined) fail('forbidden', `token ${principal.name} may call no tools: it lacks the scope read`, 'use a token with the scope read: agenticos token create NAME --scope read, or --role r')
  const [only, ...others] = principal.sessions
  return {
    name: principal.name, agent: principal.agent, role, scopes: principal.scopes, admin: principal.scopes.includes('admin'),
    session: only !== undefined && others.length === 0 && !only.includes('*') ? only : undefined,
    covers: (session) => maySee(principal, session),
    draft: draftKey(`token-${principal.id}`.toLowerCase()),
  }
}

/** The role that the token was given, else what its scopes come to. People with read may search the event line. */
export function roleOf(principal: Principal): Role | undefined {
  if (!holds(principal, 'read')) return undefined
  if (principal.role !== null && isRole(principal.role)) return principal.role
  if (principal.scopes.includes('admin')) return principal.agent ? 'rwxh' : 'rwxhl'
  const has = (scope: string) => principal.scopes.includes(scope)
  const tiers = has('put') && has('propose') ? (has('operate') ? 'rwx' : 'rw') : 'r'
  const role = principal.agent ? tiers : `${tiers}l`
  return isRole(role) ? role : 'r'
}
