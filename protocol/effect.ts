import { z } from 'zod'
import { canonicalText } from '../petri/canonical.js'
import { modelGrant } from './model.js'

/** Version of the executor protocol; an executor with another major one is refused at registration. */
export const PROTOCOL = 1

/** A text with credential holes: the executor alone fills them, towards hosts the credential allows. */
export const sealedText = z.union([
  z.string(),
  z.strictObject({ parts: z.array(z.union([z.string(), z.strictObject({ credential: z.string(), base64: z.boolean() })])) }),
])
export type SealedText = z.infer<typeof sealedText>

const capture = { maxBytes: z.int(), parse: z.enum(['json', 'lines', 'xml']).optional() }

/** `command`: exactly one of argv, pipeline, script. All templates are filled in already; no shell but for script. */
export const commandRequest = z.strictObject({
  kind: z.literal('command'),
  argv: z.array(z.string()).optional(),
  pipeline: z.array(z.array(z.string())).optional(),
  /** program -> options it may have; null = any option */
  allow: z.record(z.string(), z.array(z.string()).nullable()).optional(),
  script: z.string().optional(),
  env: z.record(z.string(), z.string()),
  dir: z.string().optional(),
  stdin: z.string().optional(),
  expect: z.array(z.int()),
  workspace: z.string().optional(),
  ...capture,
})

export const httpRequest = z.strictObject({
  kind: z.literal('http'),
  method: z.string(),
  /** whole URL, already encoded; without the query below */
  url: z.string(),
  headers: z.record(z.string(), sealedText),
  query: z.array(z.tuple([z.string(), sealedText])),
  json: z.json().optional(),
  form: z.array(z.tuple([z.string(), sealedText])).optional(),
  text: z.string().optional(),
  /** `2xx`, `404` ... */
  expect: z.array(z.string()),
  ...capture,
})

/** llm: one answer of a model. Templates are filled in; the schema is the transition's, or that of the place that takes the result. */
export const llmRequest = z.strictObject({
  kind: z.literal('llm'),
  prompt: z.string(),
  system: z.string().optional(),
  /** name or tier in models.yaml; the default unless given */
  model: z.string().optional(),
  schema: z.json().optional(),
  temperature: z.number().optional(),
  maxTokens: z.int().optional(),
})

/** agent: a model with tools until it says DONE. */
export const agentRequest = z.strictObject({
  kind: z.literal('agent'),
  prompt: z.string(),
  system: z.string().optional(),
  model: z.string().optional(),
  /** r, rw, rwx or rwxh, each with an optional l */
  role: z.string(),
  schema: z.json().optional(),
  maxIterations: z.int(),
  /** what the firing bound, in order; `net/place` */
  inputs: z.array(z.strictObject({ variable: z.string(), place: z.string(), category: z.string(), data: z.json() })),
  /** `net/place` that its token tools may write to: arcs with `emit: tools`, and learning places it has an arc to */
  writes: z.array(z.strictObject({ place: z.string(), category: z.string() })),
})

export const effectRequest = z.discriminatedUnion('kind', [commandRequest, httpRequest, llmRequest, agentRequest])
export type LlmRequest = z.infer<typeof llmRequest>
export type AgentRequest = z.infer<typeof agentRequest>
export type CommandRequest = z.infer<typeof commandRequest>
export type HttpRequest = z.infer<typeof httpRequest>
export type EffectRequest = z.infer<typeof effectRequest>

/** `runtime.effects.request`, as the engine writes it and a lease hands it on. */
export const effectOrder = z.strictObject({
  timeoutMs: z.int(),
  /** the same for every attempt */
  idempotencyKey: z.string(),
  /** NAME -> `env:VARIABLE` */
  credentials: z.record(z.string(), z.string()),
  request: effectRequest,
  /** the firing's correlation id: of a chat, its conversation */
  correlation: z.string().optional(),
})
export type EffectOrder = z.infer<typeof effectOrder>

/** `runtime.effects.pool`: the queue of effects that require exactly these labels. */
export function poolOf(labels: Readonly<Record<string, string>>): string {
  return canonicalText(labels)
}

/** What a lease hands to an executor. Keys of later versions are passed over. */
export const leasedEffect = effectOrder.extend({
  session: z.string(),
  /** number of the firing: unique in the session */
  firing: z.int(),
  attempt: z.int(),
  net: z.string(),
  transition: z.string(),
  /** fence of this lease; heartbeat, settle and release must name it */
  lease: z.uuid(),
  /** milliseconds from sending the lease request until the lease ends unless a heartbeat is answered */
  leaseMs: z.int(),
  /** of a command with a workspace: whether this executor has been given that workspace before */
  workspace: z.enum(['fresh', 'kept']).optional(),
  /** of llm and agent: the model meant, then its fallbacks; empty when models.yaml knows none */
  models: z.array(modelGrant).optional(),
  /** of agent: what its tool calls carry; good for this lease alone */
  capability: z.string().optional(),
  /** of llm and agent: an earlier attempt recorded steps; ask for them */
  resumes: z.boolean().optional(),
})
export type LeasedEffect = z.infer<typeof leasedEffect>

/** What came of an effect. `retryable` is the executor's word: transport faults, 408/425/429/5xx, time-out, lost. */
export const outcome = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('done'), result: z.json(), notes: z.array(z.string()).optional() }),
  z.strictObject({
    status: z.literal('failed'),
    code: z.string(),
    message: z.string(),
    retryable: z.boolean(),
    retryAfterMs: z.int().nonnegative().optional(),
    detail: z.json(),
  }),
])
export type Outcome = z.infer<typeof outcome>
