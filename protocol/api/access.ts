import { z } from 'zod'
import { get, page, post, remove, SCOPES } from './route.js'

export const accessAnswer = z.object({
  id: z.string(),
  kind: z.enum(['api', 'bootstrap', 'executor']),
  name: z.string(),
  scopes: z.array(z.string()),
  sessions: z.array(z.string()),
  /** held by an agent: it approves nothing */
  agent: z.boolean(),
  /** for tools; null: its scopes tell it */
  role: z.string().nullable(),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
})
export type AccessAnswer = z.infer<typeof accessAnswer>

/** Roles of tools, as tools/role.ts has them. */
const ROLES = ['r', 'rw', 'rwx', 'rwxh', 'rl', 'rwl', 'rwxl', 'rwxhl'] as const

const glob = z.string().regex(/^[a-z*][a-z0-9*-]{0,62}$/, 'write a session name; * stands for any letters')

export const accessRoutes = {
  listAccess: get({ path: '/v1/access', scope: 'admin', title: 'List access tokens (never their secrets)', answer: page(accessAnswer) }),
  createAccess: post({
    path: '/v1/access', scope: 'admin', title: 'Create an access token; its secret is shown this once', answer: accessAnswer.extend({ token: z.string() }),
    body: z.strictObject({
      name: z.string().min(1).max(100).regex(/^[\x20-\x7e]+$/, 'a name is printable ASCII'),
      kind: z.enum(['api', 'bootstrap']).default('api'),
      scopes: z.array(z.enum(SCOPES)).default([]),
      sessions: z.array(glob).min(1).default(['*']),
      agent: z.boolean().default(false),
      role: z.enum(ROLES).optional(),
      expiresInDays: z.number().positive().max(3650).optional(),
    }),
  }),
  revokeAccess: remove({ path: '/v1/access/:id', scope: 'admin', title: 'Revoke an access token at once', answer: accessAnswer }),
  whoami: get({ path: '/v1/whoami', scope: 'read', title: 'Who this token is and what it may do', answer: accessAnswer }),
}
