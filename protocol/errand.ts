import { z } from 'zod'
import { outcome, sealedText } from './effect.js'
import { modelGrant } from './model.js'

/** Work that belongs to no firing, asked for by a tool or a person: one HTTP call, a container, one try of a model. */
export const ERRANDS = ['http', 'container', 'model'] as const
export type ErrandKind = (typeof ERRANDS)[number]

/** One call; whatever status comes back is an answer. No secret is in it: the executor fills the credential holes. */
export const httpErrand = z.strictObject({
  kind: z.literal('http'),
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), sealedText),
  json: z.json().optional(),
  text: z.string().optional(),
  /** NAME -> `env:VARIABLE` */
  credentials: z.record(z.string(), z.string()),
})
export type HttpErrand = z.infer<typeof httpErrand>

export const CONTAINER_NAME = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/
/** registry/path:tag@digest; never begins like an option */
export const IMAGE = /^[a-zA-Z0-9][a-zA-Z0-9._:/@-]{0,254}$/
const containerName = z.string().regex(CONTAINER_NAME)

export const containerOrder = z.discriminatedUnion('verb', [
  z.strictObject({
    verb: z.literal('run'), name: containerName, image: z.string().regex(IMAGE),
    args: z.array(z.string().max(8192)).max(100), env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/), z.string().max(8192)),
    /** seconds until it is stopped */
    ttl: z.int().min(1).max(86_400),
  }),
  z.strictObject({ verb: z.literal('stop'), name: containerName }),
  z.strictObject({ verb: z.literal('list') }),
  z.strictObject({ verb: z.literal('logs'), name: containerName, tail: z.int().min(1).max(1000) }),
])
export type ContainerOrder = z.infer<typeof containerOrder>

export const containerErrand = z.strictObject({ kind: z.literal('container'), order: containerOrder })
export type ContainerErrand = z.infer<typeof containerErrand>

/** One small call of a model for each thing it is said to be able to do. */
export const modelErrand = z.strictObject({ kind: z.literal('model'), model: modelGrant })
export type ModelErrand = z.infer<typeof modelErrand>

export const errandRequest = z.discriminatedUnion('kind', [httpErrand, containerErrand, modelErrand])
export type ErrandRequest = z.infer<typeof errandRequest>

const errandRef = z.strictObject({ id: z.uuid(), lease: z.uuid() })
export type ErrandRef = z.infer<typeof errandRef>

export const leasedErrand = z.object({
  id: z.uuid(),
  lease: z.uuid(),
  session: z.string(),
  /** the executor gives up after so long */
  timeoutMs: z.int(),
  request: errandRequest,
})
export type LeasedErrand = z.infer<typeof leasedErrand>

/**
 * POST /v1/executors/errands: waits up to waitMs for errands of these kinds. `holding`: what this executor is at; naming it
 * keeps it. `drop`: nobody waits for these any more, or their lease ended.
 */
export const errandsRequest = z.strictObject({
  poll: z.uuid(),
  kinds: z.array(z.enum(ERRANDS)),
  holding: z.array(errandRef).max(1000),
  slots: z.int().min(0).max(100),
  waitMs: z.int().min(0).max(30_000),
})
export type ErrandsRequest = z.infer<typeof errandsRequest>
export const errandsAnswer = z.object({ errands: z.array(leasedErrand), drop: z.array(z.string()) })

/** POST /v1/executors/errands/settle: each outcome that still has its lease is taken. */
export const settleErrandsRequest = z.strictObject({ errands: z.array(errandRef.extend({ outcome })).min(1).max(100) })
export const settleErrandsAnswer = z.object({ settled: z.array(z.string()) })
