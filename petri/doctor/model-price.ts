import { microsOf } from '../money.js'
import type { Flaw } from './rule.js'
import type { ModelsRule } from './setting-rule.js'

export const modelPrice: ModelsRule = {
  code: 'model-price',
  level: 'error',
  explanation: 'Cached input of a model costs more than input that is not cached, so what a call may cost could not be told before it is made.',
  *check({ models }): Iterable<Flaw> {
    for (const [name, { price }] of Object.entries(models)) {
      if (price === undefined || price === 'free' || price.cached === undefined) continue
      if ((microsOf(price.cached) ?? 0) > (microsOf(price.input) ?? 0)) yield {
        path: ['models', name, 'price', 'cached'],
        message: `Cached input of ${name} costs ${price.cached}, and other input ${price.input}.`,
        remedy: 'Give cached a price up to that of input, or leave it out: it is then as input.',
      }
    }
  },
}
