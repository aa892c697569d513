import { z } from 'zod'
import { anyJson, cursor, flag, get, limit, nameText, page } from './route.js'

/** An event with the session and time of its segment; further keys depend on its type (protocol/event.ts). */
export const eventAnswer = z.looseObject({
  session: z.string(),
  n: z.int(),
  at: z.string(),
  type: z.string(),
})
export type EventAnswer = z.infer<typeof eventAnswer>

export const markingPlace = z.object({
  place: z.string(),
  tokens: z.int(),
  reserved: z.int(),
  /** the oldest first, as many as asked for */
  items: z.array(z.object({ id: z.string(), data: anyJson, producedBy: z.string(), reserved: z.boolean() })),
})

export const replayAnswer = z.object({
  session: z.string(),
  /** number of the last event folded in */
  seq: z.int(),
  at: z.string().nullable(),
  /** first event of the snapshot the fold began at; 0: from the start */
  from: z.int(),
  events: z.int(),
  places: z.array(markingPlace),
})
export type ReplayAnswer = z.infer<typeof replayAnswer>

export const verifyAnswer = z.object({
  session: z.string(),
  ok: z.boolean(),
  seq: z.int(),
  segments: z.int(),
  events: z.int(),
  tokens: z.int(),
  /** rows waiting in the inbox: in transit, counted, not judged */
  inTransit: z.int(),
  differences: z.array(z.object({ kind: z.string(), at: z.string(), message: z.string() })),
})
export type VerifyAnswer = z.infer<typeof verifyAnswer>

/** What money is told by. `firing` and `call` need the session. */
export const COST_BY = ['session', 'net', 'transition', 'model', 'day', 'firing', 'call'] as const
export type CostBy = (typeof COST_BY)[number]

/** Money of one session, net, transition ...: what `by` does not tell apart is not there. */
export const costRow = z.object({
  session: z.string().optional(),
  net: z.string().optional(),
  transition: z.string().optional(),
  model: z.string().optional(),
  /** UTC */
  day: z.string().optional(),
  firing: z.int().optional(),
  call: z.int().optional(),
  /** by transition only */
  firings: z.int().optional(),
  failed: z.int().optional(),
  /** of models, and of work that booked its `cost` */
  calls: z.int(),
  tokens: z.object({ input: z.int(), cached: z.int(), output: z.int() }),
  micros: z.int(),
  usd: z.number(),
})
export type CostRow = z.infer<typeof costRow>
export const costAnswer = z.object({ since: z.string().nullable(), by: z.enum(COST_BY), micros: z.int(), usd: z.number(), items: z.array(costRow) })
export type CostAnswer = z.infer<typeof costAnswer>

/** A budget as it stands in its period, in micro-dollars. */
export const budgetAnswer = z.object({
  /** policy:NAME, session:S, net:S/N, transition:S/N/T */
  scope: z.string(),
  per: z.enum(['firing', 'hour', 'day', 'month']),
  /** 2026-11-28T22, 2026-11-28, 2026-11 (UTC), or firing: each firing has as much */
  period: z.string(),
  until: z.string().nullable(),
  most: z.int(),
  spent: z.int(),
  reserved: z.int(),
  /** effects that wait for it */
  waiting: z.int(),
})
export type BudgetAnswer = z.infer<typeof budgetAnswer>

// Postgres knows no year 0
const time = z.iso.datetime({ offset: true }).regex(/^(?!0000)/)

const filters = {
  net: nameText.optional(),
  transition: nameText.optional(),
  type: z.string().regex(/^[a-z]+(\.[a-z]+)?$/, 'an event type looks like token.put').optional(),
  correlation: z.string().max(200).optional(),
}

export const historyRoutes = {
  listEvents: get({
    path: '/v1/sessions/:session/events', scope: 'read', title: 'List events, oldest first (or newest first)', answer: page(eventAnswer),
    query: z.strictObject({ ...filters, after: z.coerce.number().int().min(0).optional(), newest: z.enum(['true', 'false']).default('false'), limit, cursor }),
  }),
  streamEvents: get({
    path: '/v1/sessions/:session/events/stream', scope: 'read', produces: 'text/event-stream', answer: z.string(),
    title: 'Follow events as they come (SSE); resume with Last-Event-ID',
    query: z.strictObject({ ...filters, after: z.coerce.number().int().min(0).optional(), progress: flag }),
  }),
  replay: get({
    path: '/v1/sessions/:session/replay', scope: 'read', title: 'The marking after an event, or at a time', answer: replayAnswer,
    query: z.strictObject({
      at: z.string().refine((text) => /^\d{1,12}$/.test(text) || time.safeParse(text).success, 'write an event number or an RFC 3339 time').optional(),
      net: nameText.optional(),
      tokens: z.coerce.number().int().min(0).max(1000).default(20),
    }),
  }),
  verify: get({ path: '/v1/sessions/:session/verify', scope: 'read', title: 'Prove that the fold of the events equals the tables', answer: verifyAnswer }),
  cost: get({
    path: '/v1/cost', scope: 'read', title: 'Money spent outside, by transition, session, net, model, day, firing or call', answer: costAnswer,
    query: z.strictObject({ session: nameText.optional(), net: nameText.optional(), since: time.optional(), by: z.enum(COST_BY).default('transition') }),
  }),
  listBudgets: get({
    path: '/v1/budgets', scope: 'read', title: 'Budgets as they stand in their periods', answer: z.object({ items: z.array(budgetAnswer) }),
    query: z.strictObject({ session: nameText.optional() }),
  }),
}
