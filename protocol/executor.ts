import { z } from 'zod'
import { leasedEffect, outcome } from './effect.js'

/** POST /v1/executors/register, with a bootstrap token; the answer's token is the executor's own and revocable. */
export const registerRequest = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
  labels: z.record(z.string(), z.string()),
  capacity: z.int().min(1).max(1000),
  kinds: z.array(z.string()),
  version: z.string(),
  protocol: z.int(),
  host: z.string(),
})
export const registerAnswer = z.strictObject({ executor: z.string(), token: z.string(), heartbeatMs: z.int(), leaseMs: z.int() })

/** POST /v1/executors/lease: waits up to waitMs for work; an empty list is a normal answer. */
export const leaseRequest = z.strictObject({ slots: z.int().min(1).max(1000), waitMs: z.int().min(0).max(30_000) })
export const leaseAnswer = z.strictObject({ effects: z.array(leasedEffect) })

const leaseRef = z.strictObject({ session: z.string(), firing: z.int(), attempt: z.int(), lease: z.uuid() })
export type LeaseRef = z.infer<typeof leaseRef>

/** POST /v1/executors/heartbeat: keeps leases alive. `lost`: stop at once, someone else has it. `cancel`: stop and settle. */
export const heartbeatRequest = z.strictObject({ leases: z.array(leaseRef), draining: z.boolean() })
export const heartbeatAnswer = z.strictObject({ kept: z.array(leaseRef), lost: z.array(leaseRef), cancel: z.array(leaseRef) })

/** POST /v1/executors/settle: each outcome of the batch is judged by itself: settled, repeated (the same again), conflict, lost. */
export const settleRequest = z.strictObject({ outcomes: z.array(leaseRef.extend({ outcome })) })
export const settleAnswer = z.strictObject({
  verdicts: z.array(z.strictObject({ session: z.string(), firing: z.int(), attempt: z.int(), verdict: z.enum(['settled', 'repeated', 'conflict', 'lost']) })),
})

/** POST /v1/executors/release: work given back unstarted (drain); it becomes pending again without using up an attempt. */
export const releaseRequest = z.strictObject({ leases: z.array(leaseRef) })
export const releaseAnswer = z.strictObject({ released: z.int() })
