import { duration } from '../duration.js'
import { frequency } from '../frequency.js'
import { CONTEXT } from '../models.js'
import type { Flaw } from './rule.js'
import type { ModelsRule } from './setting-rule.js'

export const modelBounds: ModelsRule = {
  code: 'model-bounds',
  level: 'error',
  explanation: 'A limit of a model is such that no call could ever be made: an answer as long as the whole context, no time, no calls.',
  *check({ models }): Iterable<Flaw> {
    for (const [name, { context = CONTEXT, maxOutput, rate, timeout }] of Object.entries(models)) {
      if (maxOutput !== undefined && maxOutput >= context) yield {
        path: ['models', name, 'maxOutput'],
        message: `An answer of ${maxOutput} tokens leaves nothing of a context of ${context}.`,
        remedy: `Give maxOutput less than context${models[name]?.context === undefined ? ` (${CONTEXT} unless given), or set context` : ''}.`,
      }
      if (rate !== undefined && (frequency(rate)?.limit ?? 0) === 0) yield { path: ['models', name, 'rate'], message: `${rate} allows no call.`, remedy: 'Allow some, such as 60/m, or leave rate out.' }
      if (timeout !== undefined && !duration(timeout)) yield { path: ['models', name, 'timeout'], message: 'timeout is no time at all.', remedy: 'Give timeout a duration above 0, such as 2m.' }
    }
  },
}
