import { matchesGlob } from '../../petri/glob.js'
import type { Scope } from '../../protocol/api/route.js'
import { fail } from '../errors.js'

/** Who asks, as the access token says. */
export interface Principal {
  readonly id: string
  readonly name: string
  readonly kind: 'api' | 'bootstrap' | 'executor'
  readonly scopes: readonly string[]
  /** session names; `*` stands for any letters */
  readonly sessions: readonly string[]
  /** an agent holds it: it approves nothing and merges nothing */
  readonly agent: boolean
  /** for tools; null: its scopes tell it */
  readonly role: string | null
}

/** Auth switched off: on a machine where whoever reaches the port may do everything. */
export const EVERYONE: Principal = { id: 'anonymous', name: 'anonymous', kind: 'api', scopes: ['admin'], sessions: ['*'], agent: false, role: null }

/** Whoever comes with a capability: tools ask it by themselves, and nothing else is open to it. */
export const NOBODY: Principal = { id: 'capability', name: 'a capability', kind: 'api', scopes: [], sessions: [], agent: true, role: null }

export function holds(principal: Principal, scope: Scope): boolean {
  return principal.kind === 'api' && (principal.scopes.includes(scope) || principal.scopes.includes('admin'))
}

export function maySee(principal: Principal, session: string): boolean {
  return principal.sessions.some((glob) => matchesGlob(glob, session))
}

/** 403 unless the token covers the whole of `sessions`; `*` is everything and needs the glob `*`. */
export function requireSession(principal: Principal, session: string): void {
  const allowed = session === '*' ? principal.sessions.includes('*') : maySee(principal, session)
  if (!allowed) {
    fail('forbidden', `token ${principal.name} may not touch ${session === '*' ? 'everything' : `session ${session}`}; it covers ${principal.sessions.join(', ')}`,
      'use a token whose sessions cover it: agenticos token create --session NAME')
  }
}
