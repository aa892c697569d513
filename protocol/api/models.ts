import { z } from 'zod'
import { CAPABILITIES, PROVIDERS, TIERS } from '../../petri/models.js'
import { get } from './route.js'

/** A model of models.yaml. Its key is a reference; what it refers to is the executor's alone. */
export const modelAnswer = z.object({
  name: z.string(),
  title: z.string(),
  provider: z.enum(PROVIDERS),
  model: z.string(),
  /** host and port of its URL; '' for a recording */
  host: z.string(),
  /** `env:NAME` of the executor; '' when it needs none */
  key: z.string(),
  /** US dollars a million tokens */
  price: z.union([z.literal('free'), z.object({ input: z.number(), cached: z.number(), output: z.number() })]),
  context: z.int(),
  maxOutput: z.int(),
  capabilities: z.array(z.enum(CAPABILITIES)),
  fallback: z.array(z.string()),
  rate: z.object({ limit: z.int(), windowMs: z.int() }).nullable(),
  timeoutMs: z.int(),
  /** whether transitions that name no model ask this one */
  default: z.boolean(),
  tiers: z.array(z.enum(TIERS)),
})
export type ModelAnswer = z.infer<typeof modelAnswer>

export const modelRoutes = {
  listModels: get({
    path: '/v1/models', scope: 'read', title: 'List the models that nets may ask, as the applied models.yaml has them',
    answer: z.object({
      items: z.array(modelAnswer),
      /** the commit that says so; '' before the first one */
      commit: z.string(),
    }),
  }),
}
