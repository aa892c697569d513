import { z } from 'zod'
import { outcome } from './effect.js'

/** Bodies of inbox rows, by kind. The writer checks; the owner decides. Places are `net/place`. */
const by = z.string()

/** Each token is decided by itself; the decision's body holds one verdict a token, in order. */
export const putBody = z.strictObject({
  place: z.string(),
  tokens: z.array(z.strictObject({ data: z.json(), correlationId: z.string().max(200).optional() })).min(1),
  by,
})
export const outcomeBody = z.strictObject({ firing: z.int(), attempt: z.int(), executor: z.string(), outcome, durationMs: z.int().optional() })
export const revisionBody = z.strictObject({ generation: z.int(), commit: z.string() })
export const lifecycleBody = z.strictObject({
  net: z.string(),
  transition: z.string(),
  state: z.enum(['running', 'stopped', 'deployed']),
  by,
  reason: z.string(),
  /** start only: milliseconds that what fell due while stopped is put off; 0 for none */
  shiftMs: z.int().nonnegative(),
})
/** ids are `1234-0`; to is `net/place` */
export const moveBody = z.strictObject({ tokens: z.array(z.string()).min(1), to: z.string(), by })
export const removeBody = z.strictObject({ tokens: z.array(z.string()).min(1), by })
/** a dead letter (a token of `net/_failed`): put its inputs back, or drop it */
export const deadBody = z.strictObject({ token: z.string(), verb: z.enum(['retry', 'drop']), by })
export const sendBody = z.strictObject({
  place: z.string(), data: z.json(), correlationId: z.string(), depth: z.int(), from: z.string(),
})
/** fire one binding of a transition now, though it is stopped or its schedule is not due */
export const fireBody = z.strictObject({ net: z.string(), transition: z.string(), by })
/** What executors and the API have to tell of a running firing, or of none; each becomes one event. It changes no marking. */
export const NOTE_TYPES = ['llm.called', 'tool.called', 'tool.refused', 'agent.noted', 'budget.exceeded', 'proposal.opened'] as const
export const noteBody = z.strictObject({
  notes: z.array(z.looseObject({
    type: z.enum(NOTE_TYPES), firing: z.int().optional(), transition: z.string().optional(), correlation: z.string().optional(),
    // the keys that the fold of the marking reads
    consumed: z.undefined().optional(), produced: z.undefined().optional(), reserved: z.undefined().optional(), released: z.undefined().optional(), n: z.undefined().optional(),
  })).min(1),
})
/** A person's decision about an awaiting firing, or its end by time: the first counts. */
export const approvalBody = z.strictObject({
  firing: z.int(),
  decision: z.enum(['approved', 'rejected', 'expired']),
  by: z.string(),
  at: z.string(),
  comment: z.string(),
  proposal: z.int(),
})

export const INBOX = {
  put: putBody, outcome: outcomeBody, revision: revisionBody, lifecycle: lifecycleBody, move: moveBody,
  remove: removeBody, dead: deadBody, send: sendBody, fire: fireBody, note: noteBody, approval: approvalBody,
} as const
export type InboxKind = keyof typeof INBOX
export type InboxBody<K extends InboxKind> = z.infer<(typeof INBOX)[K]>

/** One token's verdict in a put's decision. */
export const putVerdict = z.strictObject({
  status: z.union([z.literal(201), z.literal(200), z.literal(409), z.literal(422), z.literal(404)]),
  /** `1234-0` of the token, when it was put */
  id: z.string().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
  remedy: z.string().optional(),
})
export type PutVerdict = z.infer<typeof putVerdict>
