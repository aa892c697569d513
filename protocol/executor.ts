import { z } from 'zod'
import { leasedEffect, outcome } from './effect.js'

export const executorName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'an executor name is lower-case letters, digits and hyphens, 63 at most')
const label = z.string().max(200)

/** POST /v1/executors/register, with a bootstrap token or the executor's own; the answer's token is its own and revocable. */
export const registerRequest = z.strictObject({
  name: executorName,
  labels: z.record(z.string().min(1).max(63), label),
  capacity: z.int().min(1).max(1000),
  kinds: z.array(z.string().max(63)).min(1).max(20),
  version: z.string().max(63),
  protocol: z.int(),
  host: z.string().max(255),
  /** a process that has just started: whatever an earlier one of that name leased is lost */
  fresh: z.boolean(),
})
export type RegisterRequest = z.infer<typeof registerRequest>
export const registerAnswer = z.object({ executor: z.string(), token: z.string(), heartbeatMs: z.int(), leaseMs: z.int(), renewMs: z.int() })
export type RegisterAnswer = z.infer<typeof registerAnswer>

/**
 * POST /v1/executors/lease: waits up to waitMs for work; an empty list is a normal answer. `poll` is a new id for each
 * request and the fence of all that it leases. `abandoned`: polls whose answer never came; what they leased is pending again.
 */
export const leaseRequest = z.strictObject({
  poll: z.uuid(),
  abandoned: z.array(z.uuid()).max(1000),
  slots: z.int().min(1).max(1000),
  waitMs: z.int().min(0).max(30_000),
})
export type LeaseRequest = z.infer<typeof leaseRequest>
export const leaseAnswer = z.object({ effects: z.array(leasedEffect) })

export const leaseRef = z.strictObject({ session: z.string(), firing: z.int(), attempt: z.int(), lease: z.uuid() })
export type LeaseRef = z.infer<typeof leaseRef>

/** POST /v1/executors/heartbeat: keeps leases alive. `lost`: stop at once, someone else has it. `cancel`: stop and settle. */
export const heartbeatRequest = z.strictObject({ leases: z.array(leaseRef).max(5000), draining: z.boolean() })
export const heartbeatAnswer = z.object({ kept: z.array(leaseRef), lost: z.array(leaseRef), cancel: z.array(leaseRef) })
export type HeartbeatAnswer = z.infer<typeof heartbeatAnswer>

/** POST /v1/executors/settle: each outcome of the batch is judged by itself: settled, repeated (the same again), conflict, lost. */
export const settleRequest = z.strictObject({
  outcomes: z.array(leaseRef.extend({ outcome, durationMs: z.int().nonnegative().optional() })).max(5000),
})
export const verdict = z.enum(['settled', 'repeated', 'conflict', 'lost'])
export type Verdict = z.infer<typeof verdict>
export const settleAnswer = z.object({
  verdicts: z.array(z.object({ session: z.string(), firing: z.int(), attempt: z.int(), verdict })),
})

/**
 * POST /v1/executors/release: work given back unstarted (drain); it becomes pending again without using up an attempt.
 * `polls`: those whose answer never came; they end, and what they leased is given back too.
 */
export const releaseRequest = z.strictObject({ leases: z.array(leaseRef).max(5000), polls: z.array(z.uuid()).max(1000) })
export const releaseAnswer = z.object({ released: z.int() })
