import { z } from 'zod'
import { leaseRef } from './executor.js'
import { answer, message, usage } from './model.js'

// The executor's book-keeping of model calls. a. A call has a number in its firing, counted by the executor over model and
// tool calls alike; all attempts of a firing count on. b. It is granted before it is made and recorded before anything is
// done with its answer. c. Both are idempotent by (session, firing, call): what is recorded is never paid again.

export const callRef = leaseRef.extend({ call: z.int().min(1).max(100_000) })
export type CallRef = z.infer<typeof callRef>

/** POST /v1/executors/grant: may these model calls be made? Each is judged by itself. */
export const grantRequest = z.strictObject({
  calls: z.array(callRef.extend({
    /** name in models.yaml */
    model: z.string(),
    /** most tokens it can take: an upper bound that the executor guarantees */
    most: z.strictObject({ input: z.int().nonnegative(), output: z.int().positive() }),
  })).min(1).max(1000),
})
export const grantVerdict = z.discriminatedUnion('verdict', [
  /** `reserved`: micro-dollars set aside */
  z.object({ verdict: z.literal('granted'), reserved: z.int() }),
  /** it was made and recorded before: this is the answer */
  z.object({ verdict: z.literal('recorded'), answer }),
  /** wait: a budget or a rate is used up. `until`: milliseconds from now; absent when only a change of the budget helps */
  z.object({ verdict: z.literal('wait'), scope: z.string(), message: z.string(), until: z.int().optional() }),
  /** never: the firing's own budget is too small, the model is unknown ... */
  z.object({ verdict: z.literal('refused'), code: z.string(), message: z.string() }),
  /** the lease is over, or a stop stands: end at once */
  z.object({ verdict: z.literal('lost') }),
])
export type GrantVerdict = z.infer<typeof grantVerdict>
export const grantAnswer = z.object({ verdicts: z.array(grantVerdict) })

/** POST /v1/executors/record: what came of model calls; acknowledged when it is durable. */
export const recordRequest = z.strictObject({
  calls: z.array(callRef.extend({
    model: z.string(),
    /** messages that no earlier call of this firing had sent */
    sent: z.array(message),
    /** undefined: the call failed and nothing is owed but `usage` */
    answer: answer.optional(),
    usage,
    error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
    durationMs: z.int().nonnegative(),
    /** why it was made */
    purpose: z.enum(['answer', 'step', 'repair', 'compact', 'check']),
  })).min(1).max(1000),
})
export const recordVerdict = z.enum(['recorded', 'repeated', 'lost'])
export const recordAnswer = z.object({ verdicts: z.array(z.object({ verdict: recordVerdict, micros: z.int() })) })

/** POST /v1/executors/transcript: what earlier attempts of these firings recorded, in order. */
export const transcriptRequest = z.strictObject({ firing: leaseRef })
export const transcriptStep = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('model'), call: z.int(), model: z.string(), purpose: z.string(), sent: z.array(message), answer: answer.optional(), micros: z.int() }),
  z.object({ kind: z.literal('tool'), call: z.int(), tool: z.string(), input: z.json(), output: z.json(), refused: z.boolean() }),
])
export type TranscriptStep = z.infer<typeof transcriptStep>
export const transcriptAnswer = z.object({ steps: z.array(transcriptStep) })

/** POST /v1/executors/progress: what a watcher may see as it comes; kept nowhere, lost without harm. */
export const progressItem = z.strictObject({
  session: z.string(),
  firing: z.int(),
  correlation: z.string(),
  /** counts up within a firing and attempt */
  seq: z.int(),
  type: z.enum(['text', 'call', 'result', 'waiting', 'step']),
  text: z.string().max(4_000),
  tool: z.string().optional(),
})
export type ProgressItem = z.infer<typeof progressItem>
export const progressRequest = z.strictObject({ items: z.array(progressItem).min(1).max(1000) })
export const progressAnswer = z.object({})

/** POST /v1/executors/wait: work put back unfinished until a budget or rate allows more; no attempt is used up. */
export const waitRequest = z.strictObject({ firing: leaseRef, scope: z.string(), message: z.string().max(500), untilMs: z.int().nonnegative().optional() })
export const waitAnswer = z.object({ released: z.boolean() })
