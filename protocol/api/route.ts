import { z } from 'zod'
import type { Json } from '../../petri/json.js'

/** What a bearer of an access token may do. `admin` holds all others. */
export const SCOPES = ['read', 'put', 'operate', 'propose', 'approve', 'merge', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

export interface Route<
  P extends string = string,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  A extends z.ZodType = z.ZodType,
> {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** `/v1/sessions/:session`; each `:name` is checked by PARAMS */
  readonly path: P
  /** null: open to all, it says nothing about nets or data */
  readonly scope: Scope | null
  readonly title: string
  readonly query: Q
  readonly body: B
  readonly answer: A
  /** largest body in bytes; 64 KiB unless given */
  readonly bodyLimit?: number
  /** answers with something else than JSON */
  readonly produces?: string
  /** kinds of bodies it reads; JSON unless given */
  readonly consumes?: readonly string[]
  /** the capability of an agent's firing opens it too */
  readonly capability?: boolean
}

export type ParamNames<P extends string> = P extends `${string}:${infer N}/${infer R}`
  ? N | ParamNames<`/${R}`>
  : P extends `${string}:${infer N}`
    ? N
    : never
export type ParamsOf<P extends string> = { readonly [N in ParamNames<P>]: string | number }

export const NAME = /^[a-z][a-z0-9-]{0,62}$/
const name = z.string().regex(NAME, 'a name is a lower-case letter, then up to 62 letters, digits or hyphens')

/** What each `:name` in a path must look like. */
export const PARAMS = {
  session: name,
  net: name,
  place: z.string().regex(/^([a-z][a-z0-9-]{0,62}|_failed)$/, 'a place is a name, or _failed for dead letters'),
  transition: name,
  executor: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'an executor is named by lower-case letters, digits and hyphens'),
  token: z.string().regex(/^\d{1,12}-\d{1,5}$/, 'a token id looks like 1234-0'),
  scratch: name,
  model: name,
  tool: z.string().regex(/^[A-Za-z_]{1,60}$/, 'a tool is named like QUERY_TOKENS'),
  firing: z.string().regex(/^\d{1,12}$/, 'a firing is a number'),
  proposal: z.string().regex(/^[1-9]\d{0,8}$/, 'a proposal is a number'),
  key: z.string().regex(/^[\x21-\x7e]{1,200}$/, 'a key is 1 to 200 visible ASCII characters'),
  id: z.string().regex(/^[A-Za-z0-9]{1,40}$/, 'an access token is named by the part between its underscores'),
} as const

/** Any JSON. Its text was admitted already (petri/canonical.ts), so it is not walked again; a missing one is refused. */
export const anyJson = z.unknown().refine((value) => value !== undefined, 'it is missing') as unknown as z.ZodType<Json, Json>

const nothing = z.undefined().or(z.null())
const noQuery = z.strictObject({})

interface Given<P extends string, Q, B, A> {
  readonly path: P
  readonly scope: Scope | null
  readonly title: string
  readonly query?: Q
  readonly body?: B
  readonly answer: A
  readonly bodyLimit?: number
  readonly produces?: string
  readonly consumes?: readonly string[]
  readonly capability?: boolean
}

function route(method: Route['method']) {
  return <P extends string, A extends z.ZodType, Q extends z.ZodType = typeof noQuery, B extends z.ZodType = typeof nothing>(
    given: Given<P, Q, B, A>,
  ): Route<P, Q, B, A> => ({ method, ...given, query: given.query ?? (noQuery as unknown as Q), body: given.body ?? (nothing as unknown as B) })
}

export const get = route('GET')
export const post = route('POST')
export const remove = route('DELETE')

/** Query values come as text. */
export const limit = z.coerce.number().int().min(1).max(1000).default(100)
export const flag = z.enum(['true', 'false']).transform((text) => text === 'true').default(false)
export const cursor = z.string().max(400).optional()

/** A page of a list: `next`, when there, is the `cursor` of the next page. */
export function page<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().optional() })
}

export const condition = z.object({
  type: z.string(),
  status: z.enum(['True', 'False', 'Unknown']),
  reason: z.string(),
  message: z.string(),
  observedGeneration: z.int().optional(),
  lastTransitionTime: z.string().optional(),
})
export type Condition = z.infer<typeof condition>

export { name as nameText }
