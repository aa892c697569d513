import { z } from 'zod'
import { CAPABILITIES, PROVIDERS } from '../petri/models.js'

/** What a lease tells an executor of a model it may call. The key is a reference: the value is the executor's alone. */
export const modelGrant = z.object({
  name: z.string(),
  provider: z.enum(PROVIDERS),
  url: z.string(),
  model: z.string(),
  context: z.int(),
  maxOutput: z.int(),
  /** petri/models.ts Price */
  price: z.object({ input: z.int(), cached: z.int(), output: z.int() }),
  capabilities: z.array(z.enum(CAPABILITIES)),
  key: z.string().optional(),
  timeout: z.int(),
})
export type ModelGrant = z.infer<typeof modelGrant>

export const usage = z.strictObject({ input: z.int().nonnegative(), cached: z.int().nonnegative(), output: z.int().nonnegative() })

/** A tool call as a model asked for it; `input` is what its JSON said, or a text that was none. */
export const askedCall = z.strictObject({ id: z.string(), name: z.string(), input: z.json() })
export type AskedCall = z.infer<typeof askedCall>

/** What a model said: text, and tools it wants called. `stop`: why it ended. */
export const answer = z.strictObject({
  text: z.string(),
  calls: z.array(askedCall),
  stop: z.enum(['end', 'tools', 'length', 'refused']),
  usage,
  /** the server told no usage: an upper bound of ours stands there */
  estimated: z.boolean().optional(),
  /** replayed from a recording: always shown as such */
  replayed: z.boolean().optional(),
})
export type Answer = z.infer<typeof answer>

/** A conversation as providers are given it. */
export const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), text: z.string() }),
  z.strictObject({ role: z.literal('user'), text: z.string() }),
  z.strictObject({ role: z.literal('assistant'), text: z.string(), calls: z.array(askedCall) }),
  /** the result of a tool call, as text */
  z.strictObject({ role: z.literal('tool'), id: z.string(), name: z.string(), text: z.string() }),
])
export type Message = z.infer<typeof message>

/** What a try of a model found; errors are in words, without a secret. */
export const modelCheck = z.strictObject({
  model: z.string(),
  /** it does all that models.yaml says it can */
  ok: z.boolean(),
  /** undefined: not tried. `tools` and `schema` are asked for in words where models.yaml lists them as no capability. */
  works: z.strictObject({ plain: z.boolean().optional(), stream: z.boolean().optional(), tools: z.boolean().optional(), schema: z.boolean().optional() }),
  /** until the first words of its first answer */
  firstMs: z.int().optional(),
  /** of all calls */
  ms: z.int(),
  tokensPerSecond: z.number().optional(),
  usage,
  micros: z.int(),
  /** ends with what to do */
  errors: z.array(z.strictObject({ of: z.enum(['plain', 'stream', 'tools', 'schema']), code: z.string(), message: z.string() })),
})
export type ModelCheck = z.infer<typeof modelCheck>
