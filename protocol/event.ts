import { z } from 'zod'

/** A token as an event carries it: enough to rebuild the marking. `id` is `1234-0`. */
export const eventToken = z.strictObject({
  id: z.string(),
  place: z.string(),
  data: z.json(),
  by: z.string(),
  parents: z.array(z.string()).optional(),
  depth: z.int().optional(),
  correlation: z.string().optional(),
})
export type EventToken = z.infer<typeof eventToken>

export const EVENT_TYPES = [
  'token.put', 'token.refused', 'token.moved', 'token.removed', 'token.expired', 'token.ignored', 'token.replaced', 'token.orphaned', 'token.sent',
  'transition.fired', 'transition.started', 'transition.failed', 'transition.withdrawn', 'tick.spent', 'result.dropped',
  'effect.settled', 'effect.retried', 'effect.blocked',
  'deadletter.retried', 'deadletter.dropped',
  'lifecycle.changed', 'limit.reached', 'revision.adopted', 'inbox.poisoned', 'snapshot',
] as const
export type EventType = (typeof EVENT_TYPES)[number]

/**
 * One event. The marking's fold uses four keys alone, whatever the type: `consumed` ids leave the marking, `produced`
 * tokens enter it, `reserved` and `released` ids change hands without leaving it.
 */
export const event = z.looseObject({
  n: z.int(),
  type: z.enum(EVENT_TYPES),
  at: z.string().optional(),
  net: z.string().optional(),
  transition: z.string().optional(),
  /** number of the event that began the firing */
  firing: z.int().optional(),
  consumed: z.array(z.string()).optional(),
  produced: z.array(eventToken).optional(),
  reserved: z.array(z.string()).optional(),
  released: z.array(z.string()).optional(),
  correlation: z.string().optional(),
  /** US dollars spent outside */
  usd: z.number().optional(),
})
export type Event = z.infer<typeof event>
