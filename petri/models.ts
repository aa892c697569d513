import { z } from 'zod'
import { apiVersion, looseMetadata } from './header.js'
import { plainChoice, plainDuration, plainRate, plainUsd, plainWhole } from './plain.js'
import { name, object, table, text } from './scalar.js'

/** Who speaks to a model: `openai` is any OpenAI-compatible server, `ollama` its native API, `replay` a recording. */
export const PROVIDERS = ['openai', 'ollama', 'replay'] as const
export type Provider = (typeof PROVIDERS)[number]
export const CAPABILITIES = ['tools', 'schema'] as const
export type Capability = (typeof CAPABILITIES)[number]
export const TIERS = ['fast', 'thinking'] as const
/** Of a model that says nothing: what local servers give. */
export const CONTEXT = 8_192

/** US dollars per million tokens: 0.15 is fifteen cents. */
const price = z.union([
  z.literal('free'),
  object({
    input: plainUsd.describe('Of input, a million tokens.'),
    cached: plainUsd.describe('Of input that the provider had cached; as input unless given.').exactOptional(),
    output: plainUsd.describe('Of output, a million tokens.'),
  }),
], { error: 'must be free, or {input: 0.15, cached: 0.075, output: 0.60} in US dollars a million tokens' })

export const KEY_REFERENCE = /^env:[A-Za-z_][A-Za-z0-9_]{0,127}$/

/** A text that may hold a secret by mistake: rules judge it (`model-key`, `model-url`), which do not repeat it as a codec would. */
function unrepeated(pattern: RegExp): z.ZodCustom<string> {
  return z.custom<string>((value) => value !== undefined, { error: 'must be given' }).meta({ type: 'string', pattern: pattern.source })
}

export const model = object({
  provider: plainChoice(PROVIDERS).describe('openai (any compatible server), ollama, or replay (a recording).'),
  url: unrepeated(/^https?:\/\//).describe('Base URL, e.g. https://api.openai.com/v1 or http://127.0.0.1:11434; not for replay.').exactOptional(),
  model: text.min(1).max(300).describe('What the provider calls it; of replay, the name of the recording.'),
  context: plainWhole(512, 100_000_000).describe('Most tokens of a whole request with its answer; 8192 unless given.').exactOptional(),
  maxOutput: plainWhole(1, 10_000_000).describe('Most tokens of one answer; 2048 unless given, or a quarter of a smaller context.').exactOptional(),
  price: price.describe('free, or US dollars a million tokens. A model without a price is refused.').exactOptional(),
  capabilities: z.array(plainChoice(CAPABILITIES)).describe('tools: calls tools natively (else a JSON form is used); schema: keeps to a JSON Schema. Both unless given.').exactOptional(),
  key: unrepeated(KEY_REFERENCE).describe('Where the executor finds the API key: env:VARIABLE.').exactOptional(),
  fallback: z.array(name).max(10).describe('Models to try, in order, when this one does not answer.').exactOptional(),
  rate: plainRate.describe('Most calls in a time, e.g. 60/m; none unless given.').exactOptional(),
  timeout: plainDuration.describe('Longest wait for one answer; 2m unless given.').exactOptional(),
  title: text.describe('Short name for people.').exactOptional(),
}).meta({ id: 'Model' })
export type ModelFile = z.infer<typeof model>

/** models.yaml: the models that nets may name. */
export const modelsFile = object({
  apiVersion,
  kind: z.literal('Models').describe('Models.'),
  metadata: looseMetadata.exactOptional(),
  default: name.describe('The model of a transition that names none; the first one unless given.').exactOptional(),
  tiers: object({ fast: name.describe('A model.').exactOptional(), thinking: name.describe('A model.').exactOptional() }).describe('What the words fast and thinking stand for.').exactOptional(),
  models: table(name, model).describe('Models by the name that nets use.'),
})
export type ModelsFile = z.infer<typeof modelsFile>

/** A model, defaults written out. Prices are whole millionths of a micro-dollar a token: 0.15 USD a million tokens is 150000. */
export interface Model {
  readonly name: string
  readonly provider: Provider
  readonly url: string
  readonly model: string
  readonly context: number
  readonly maxOutput: number
  readonly price: Price
  readonly capabilities: readonly Capability[]
  readonly key?: string
  readonly fallback: readonly string[]
  readonly rate?: { readonly limit: number; readonly window: number }
  /** milliseconds */
  readonly timeout: number
  readonly title?: string
}

export interface Price {
  readonly input: number
  readonly cached: number
  readonly output: number
}

export const FREE: Price = { input: 0, cached: 0, output: 0 }

export function isFree({ input, cached, output }: Price): boolean {
  return input === 0 && cached === 0 && output === 0
}

/** All models of a commit; `default` and tiers resolved to names of models. */
export interface Models {
  readonly default?: string
  readonly tiers: Readonly<Partial<Record<(typeof TIERS)[number], string>>>
  readonly models: Readonly<Record<string, Model>>
}

export const NO_MODELS: Models = { tiers: {}, models: {} }

/** Tokens of one call; `cached` are among `input`. */
export interface Usage {
  readonly input: number
  readonly cached: number
  readonly output: number
}

/** What so many tokens cost, in whole micro-dollars, rounded up. Exact: integers all the way. */
export function costMicros(price: Price, usage: Usage): number {
  const cached = Math.min(usage.cached, usage.input)
  const exact = BigInt(usage.input - cached) * BigInt(price.input) + BigInt(cached) * BigInt(price.cached) + BigInt(usage.output) * BigInt(price.output)
  return Number((exact + 999_999n) / 1_000_000n)
}

/** The model that a transition's `model` means: a name, a tier, or (undefined) the default. */
export function resolveModel(models: Models, asked: string | undefined): Model | undefined {
  const name = asked === undefined || asked === '' ? models.default : Object.hasOwn(models.models, asked) ? asked : asked === 'fast' || asked === 'thinking' ? models.tiers[asked] : undefined
  return name !== undefined && Object.hasOwn(models.models, name) ? models.models[name] : undefined
}

/** A model and, in order, those it falls back to, each once. */
export function withFallbacks(models: Models, first: Model): Model[] {
  const found = new Map([[first.name, first]])
  for (const model of found.values()) {
    for (const name of model.fallback) if (!found.has(name) && Object.hasOwn(models.models, name)) found.set(name, models.models[name]!)
  }
  return [...found.values()]
}
