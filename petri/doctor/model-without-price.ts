import type { Flaw } from './rule.js'
import type { ModelsRule } from './setting-rule.js'

export const modelWithoutPrice: ModelsRule = {
  code: 'model-without-price',
  level: 'error',
  explanation: 'A model has no price, so no budget could hold what it costs; what costs nothing says `price: free`.',
  *check({ models }): Iterable<Flaw> {
    for (const [name, { price }] of Object.entries(models)) {
      if (price === undefined) yield {
        path: ['models', name],
        message: `${name} has no price.`,
        remedy: 'Add price: free, or price: {input: 0.15, cached: 0.075, output: 0.60} in US dollars a million tokens.',
      }
    }
  },
}
