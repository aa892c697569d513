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

export const costRow = z.object({
  session: z.string(),
  net: z.string(),
  transition: z.string(),
  firings: z.int(),
  failed: z.int(),
  usd: z.number(),
})
export const costAnswer = z.object({ since: z.string().nullable(), usd: z.number(), items: z.array(costRow) })

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
    path: '/v1/cost', scope: 'read', title: 'Money spent outside, by transition', answer: costAnswer,
    query: z.strictObject({ session: nameText.optional(), net: nameText.optional(), since: time.optional() }),
  }),
}
