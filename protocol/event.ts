import { z } from 'zod'

/**
 * A token as an event carries it. Left out means the rule of the event: id = `<n>-<index in produced>`, by = the
 * event's transition (or type), parents = its consumed, depth and correlation = its own (petri/fold.ts expands them).
 */
export const eventToken = z.strictObject({
  place: z.string(),
  data: z.json(),
  id: z.string().optional(),
  by: z.string().optional(),
  parents: z.array(z.string()).optional(),
  depth: z.int().optional(),
  correlation: z.string().optional(),
  createdAt: z.int().optional(),
})
export type EventToken = z.infer<typeof eventToken>

export const EVENT_TYPES = [
  'token.put', 'token.refused', 'token.moved', 'token.removed', 'token.expired', 'token.ignored', 'token.replaced', 'token.orphaned',
  'token.sent', 'token.received', 'token.declared',
  'transition.fired', 'transition.started', 'transition.failed', 'transition.withdrawn', 'tick.spent', 'pattern.refused', 'result.dropped',
  'effect.settled', 'effect.retried', 'effect.blocked',
  'deadletter.retried', 'deadletter.dropped',
  'llm.called', 'tool.called', 'tool.refused', 'agent.noted', 'budget.exceeded', 'proposal.opened', 'approval.asked', 'approval.decided',
  'lifecycle.changed', 'limit.reached', 'revision.adopted', 'inbox.poisoned', 'snapshot',
] as const
export type EventType = (typeof EVENT_TYPES)[number]

/**
 * One event. The marking's fold uses four keys alone, whatever the type: `consumed` ids leave the marking, `produced`
 * tokens enter it, `reserved` ids are held by `firing` until they are consumed or `released`. A moved token is
 * consumed and produced anew. A snapshot's `produced` is the whole marking (in parts; the first one clears).
 */
export const event = z.looseObject({
  n: z.int(),
  type: z.enum(EVENT_TYPES),
  net: z.string().optional(),
  /** `net/transition` */
  transition: z.string().optional(),
  /** number of the event that began the firing */
  firing: z.int().optional(),
  attempt: z.int().optional(),
  consumed: z.array(z.string()).optional(),
  produced: z.array(eventToken).optional(),
  reserved: z.array(z.string()).optional(),
  released: z.array(z.string()).optional(),
  depth: z.int().optional(),
  correlation: z.string().optional(),
  /** US dollars spent outside */
  usd: z.number().optional(),
  durationMs: z.number().optional(),
  executor: z.string().optional(),
  by: z.string().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
})
export type Event = z.infer<typeof event>
