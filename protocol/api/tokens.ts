import { z } from 'zod'
import { anyJson, cursor, flag, get, limit, page, post } from './route.js'

export const tokenAnswer = z.object({
  id: z.string(),
  place: z.string(),
  data: anyJson,
  createdAt: z.string(),
  producedBy: z.string(),
  parents: z.array(z.string()),
  depth: z.int(),
  correlationId: z.string(),
  orphaned: z.boolean(),
  superseded: z.boolean(),
  /** number of the firing whose running effect holds it */
  reservedBy: z.int().nullable(),
})
export type TokenAnswer = z.infer<typeof tokenAnswer>

/** One token's fate. `status` is what a single put would have answered. */
export const verdictAnswer = z.object({
  status: z.int(),
  id: z.string().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
  remedy: z.string().optional(),
})
export type Verdict = z.infer<typeof verdictAnswer>

/** The owner's decision of an inbox row; `state: waiting` while there is none. */
export const decisionAnswer = z.object({
  key: z.string(),
  state: z.enum(['decided', 'waiting']),
  status: z.int(),
  verdicts: z.array(verdictAnswer),
  href: z.string(),
})
export type Decision = z.infer<typeof decisionAnswer>

export const putAnswer = z.object({
  key: z.string(),
  id: z.string().optional(),
  status: z.int(),
  href: z.string(),
})

export const bulkAnswer = z.object({
  key: z.string(),
  put: z.int(),
  refused: z.int(),
  waiting: z.int(),
  /** only what was not put: line counts from 1 */
  problems: z.array(verdictAnswer.extend({ line: z.int() })),
  hrefs: z.array(z.string()),
})

const correlationId = z.string().min(1).max(200)
const ids = z.array(z.string().regex(/^\d{1,12}-\d{1,5}$/, 'a token id looks like 1234-0')).min(1).max(1000)
const place = '/v1/sessions/:session/nets/:net/places/:place/tokens'

export const tokenRoutes = {
  listTokens: get({
    path: place, scope: 'read', title: 'List the tokens of a place, with ArcQL', answer: page(tokenAnswer),
    query: z.strictObject({
      where: z.string().max(10_000).optional(),
      order: z.string().max(1_000).optional(),
      limit,
      cursor,
    }),
  }),
  getToken: get({ path: '/v1/sessions/:session/tokens/:token', scope: 'read', title: 'One token', answer: tokenAnswer }),
  putToken: post({
    path: place, scope: 'put', title: 'Put a token; waits up to 5 s for the decision', answer: putAnswer, bodyLimit: 9 * 1024 * 1024,
    body: z.strictObject({ data: anyJson, correlationId: correlationId.optional() }),
  }),
  putTokens: post({
    path: `${place}/bulk`, scope: 'put', title: 'Put many: a JSON array of data, or NDJSON with one a line', answer: bulkAnswer,
    body: anyJson, bodyLimit: 32 * 1024 * 1024, consumes: ['application/json', 'application/x-ndjson'],
    query: z.strictObject({ correlationId: correlationId.optional() }),
  }),
  moveTokens: post({
    path: '/v1/sessions/:session/tokens/move', scope: 'operate', title: 'Move tokens to another place', answer: decisionAnswer,
    body: z.strictObject({ tokens: ids, to: z.string().regex(/^[a-z][a-z0-9-]{0,62}\/[a-z][a-z0-9-]{0,62}$/, 'write net/place') }),
  }),
  removeTokens: post({
    path: '/v1/sessions/:session/tokens/remove', scope: 'operate', title: 'Remove tokens', answer: decisionAnswer,
    body: z.strictObject({ tokens: ids }),
  }),
  getDecision: get({
    path: '/v1/sessions/:session/decisions/:key', scope: 'read', title: 'What became of a put, move, retry ...', answer: decisionAnswer,
    query: z.strictObject({ wait: flag }),
  }),
}
