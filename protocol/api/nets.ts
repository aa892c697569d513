import { z } from 'zod'
import { findingAnswer } from '../problem.js'
import { anyJson, condition, cursor, get, limit, nameText, page } from './route.js'

export const STATUSES = ['running', 'stopped', 'deployed'] as const

export const sessionAnswer = z.object({
  name: z.string(),
  title: z.string(),
  state: z.enum(STATUSES),
  ready: z.boolean(),
  message: z.string(),
  conditions: z.array(condition),
  nets: z.int(),
  tokens: z.int(),
  inbox: z.int(),
  effects: z.int(),
  failed: z.int(),
  generation: z.int(),
  adopted: z.int(),
  commit: z.string(),
  seq: z.int(),
  head: z.string(),
  lastEventAt: z.string().nullable(),
  createdAt: z.string().nullable(),
})
export type SessionAnswer = z.infer<typeof sessionAnswer>

export const netAnswer = z.object({
  session: z.string(),
  name: z.string(),
  title: z.string(),
  state: z.enum(STATUSES),
  ready: z.boolean(),
  message: z.string(),
  conditions: z.array(condition),
  places: z.int(),
  transitions: z.int(),
  tokens: z.int(),
  effects: z.int(),
  failed: z.int(),
  path: z.string(),
  blob: z.string(),
  identity: z.string(),
  commit: z.string(),
  generation: z.int(),
  createdAt: z.string(),
})
export type NetAnswer = z.infer<typeof netAnswer>

/** `definition` is the checked net: params filled in, defaults written out (petri/net.ts). */
export const netDetail = netAnswer.extend({ definition: anyJson, findings: z.array(findingAnswer) })

export const placeAnswer = z.object({
  session: z.string(),
  net: z.string(),
  name: z.string(),
  address: z.string(),
  category: z.string(),
  title: z.string(),
  tokens: z.int(),
  reserved: z.int(),
  orphaned: z.int(),
  capacity: z.int().nullable(),
  /** in the applied revision; false: removed, its tokens are kept as orphans */
  present: z.boolean(),
  oldest: z.string().nullable(),
  newest: z.string().nullable(),
})
export type PlaceAnswer = z.infer<typeof placeAnswer>

export const transitionAnswer = z.object({
  session: z.string(),
  net: z.string(),
  name: z.string(),
  kind: z.string(),
  title: z.string(),
  state: z.enum(STATUSES),
  ready: z.boolean(),
  message: z.string(),
  inputs: z.array(z.string()),
  outputs: z.array(z.string()),
  effects: z.int(),
  concurrency: z.int(),
  failed: z.int(),
  retrying: z.int(),
})
export type TransitionAnswer = z.infer<typeof transitionAnswer>

const listQuery = z.strictObject({ limit, cursor })
const ofNet = z.strictObject({ net: nameText.optional(), limit, cursor })

export const netRoutes = {
  listSessions: get({ path: '/v1/sessions', scope: 'read', title: 'List sessions', query: listQuery, answer: page(sessionAnswer) }),
  getSession: get({ path: '/v1/sessions/:session', scope: 'read', title: 'One session', answer: sessionAnswer }),
  listNets: get({
    path: '/v1/nets', scope: 'read', title: 'List nets, of one session or of all',
    query: z.strictObject({ session: nameText.optional(), limit, cursor }), answer: page(netAnswer),
  }),
  getNet: get({ path: '/v1/sessions/:session/nets/:net', scope: 'read', title: 'One net, with its checked definition', answer: netDetail }),
  listPlaces: get({ path: '/v1/sessions/:session/places', scope: 'read', title: 'List places', query: ofNet, answer: page(placeAnswer) }),
  listTransitions: get({
    path: '/v1/sessions/:session/transitions', scope: 'read', title: 'List transitions', query: ofNet, answer: page(transitionAnswer),
  }),
}
