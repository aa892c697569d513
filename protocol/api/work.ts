import { z } from 'zod'
import { decisionAnswer } from './tokens.js'
import { anyJson, cursor, get, limit, nameText, page, post, remove } from './route.js'

export const firingAnswer = z.object({
  session: z.string(),
  firing: z.int(),
  net: z.string(),
  transition: z.string(),
  state: z.enum(['fired', 'started', 'retrying', 'failed', 'withdrawn']),
  attempts: z.int(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  durationMs: z.number().nullable(),
  consumed: z.array(z.string()),
  produced: z.array(z.string()),
  executor: z.string(),
  error: z.string(),
  usd: z.number(),
  correlationId: z.string(),
})
export type FiringAnswer = z.infer<typeof firingAnswer>

export const effectAnswer = z.object({
  session: z.string(),
  firing: z.int(),
  attempt: z.int(),
  net: z.string(),
  transition: z.string(),
  kind: z.string(),
  state: z.string(),
  labels: z.record(z.string(), z.string()),
  executor: z.string(),
  cancel: z.string(),
  /** why it waits for money or a rate, in words; '' when it does not */
  waiting: z.string(),
  workspace: z.string(),
  dueAt: z.string(),
  createdAt: z.string(),
  leasedAt: z.string().nullable(),
  leaseUntil: z.string().nullable(),
  settledAt: z.string().nullable(),
})
export type EffectAnswer = z.infer<typeof effectAnswer>

export const executorAnswer = z.object({
  name: z.string(),
  state: z.enum(['ready', 'draining', 'gone']),
  labels: z.record(z.string(), z.string()),
  capacity: z.int(),
  leased: z.int(),
  kinds: z.array(z.string()),
  version: z.string(),
  host: z.string(),
  registeredAt: z.string(),
  seenAt: z.string(),
})
export type ExecutorAnswer = z.infer<typeof executorAnswer>

export const deadAnswer = z.object({
  session: z.string(),
  id: z.string(),
  net: z.string(),
  transition: z.string(),
  code: z.string(),
  message: z.string(),
  attempts: z.int(),
  firing: z.int().nullable(),
  at: z.string(),
  data: anyJson,
})
export type DeadAnswer = z.infer<typeof deadAnswer>

/** An inbox row that twice broke its batch (RUNTIME: Poison). */
export const poisonAnswer = z.object({
  session: z.string(), id: z.int(), kind: z.string(), key: z.string(), error: z.string(), at: z.string(),
})

export const LIFECYCLES = ['running', 'stopped'] as const

export const lifecycleAnswer = z.object({
  state: z.string(),
  sessions: z.array(z.string()),
  /** stop: effects that were pending and wait now; start: those that go on */
  effects: z.int(),
  /** what is still leased: `stop` lets it end, `stop --now` cancels it at the next heartbeat */
  leased: z.array(effectAnswer),
})

const scoped = { net: nameText.optional(), transition: nameText.optional(), limit, cursor }
const deadQuery = z.strictObject({ net: nameText.optional(), transition: nameText.optional(), limit, cursor })

export const workRoutes = {
  listFirings: get({
    path: '/v1/sessions/:session/firings', scope: 'read', title: 'List firings, newest first', answer: page(firingAnswer),
    query: z.strictObject({ ...scoped, correlation: z.string().max(200).optional() }),
  }),
  listEffects: get({
    path: '/v1/effects', scope: 'read', title: 'List effects, newest first', answer: page(effectAnswer),
    query: z.strictObject({
      session: nameText.optional(),
      ...scoped,
      state: z.enum(['pending', 'held', 'leased', 'settled', 'blocked', 'withdrawn', 'awaiting']).optional(),
    }),
  }),
  listExecutors: get({ path: '/v1/executors', scope: 'read', title: 'List executors', query: z.strictObject({ limit, cursor }), answer: page(executorAnswer) }),
  revokeExecutor: remove({
    path: '/v1/executors/:executor', scope: 'admin', title: 'Revoke an executor: its token is refused from now on',
    answer: z.object({ name: z.string(), revoked: z.boolean() }),
  }),
  listDead: get({ path: '/v1/sessions/:session/dead', scope: 'read', title: 'List dead letters, newest first', query: deadQuery, answer: page(deadAnswer) }),
  listPoison: get({
    path: '/v1/sessions/:session/poison', scope: 'read', title: 'List inbox rows that no batch could take', answer: page(poisonAnswer),
    query: z.strictObject({ limit, cursor }),
  }),
  decideDead: post({
    path: '/v1/sessions/:session/dead/:token', scope: 'operate', title: 'Retry or drop a dead letter', answer: decisionAnswer,
    body: z.strictObject({ verb: z.enum(['retry', 'drop']) }),
  }),
  cancelFiring: post({
    path: '/v1/sessions/:session/firings/:firing/cancel', scope: 'operate', title: 'End one running firing as failed, cancelled', body: z.strictObject({}).nullish(),
    /** `cancelling`: an executor has it and hears of it within a heartbeat */
    answer: z.object({ session: z.string(), firing: z.int(), state: z.enum(['cancelled', 'cancelling']) }),
  }),
  fire: post({
    path: '/v1/sessions/:session/nets/:net/transitions/:transition/fire', scope: 'operate',
    title: 'Fire one binding now, though its schedule is not due', answer: decisionAnswer, body: z.strictObject({}).nullish(),
  }),
  lifecycle: post({
    path: '/v1/lifecycle', scope: 'operate', title: 'Start or stop a transition, a net, a session or everything', answer: lifecycleAnswer,
    body: z.strictObject({
      /** `*`, `session`, `session/net`, `session/net/transition` */
      target: z.string().regex(/^(\*|[a-z][a-z0-9-]{0,62}(\/[a-z][a-z0-9-]{0,62}){0,2})$/, 'write *, session, session/net or session/net/transition'),
      state: z.enum(LIFECYCLES),
      now: z.boolean().default(false),
      shift: z.boolean().default(false),
      reason: z.string().max(1000).default(''),
    }),
  }),
}
