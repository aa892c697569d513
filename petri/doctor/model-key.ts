import { KEY_REFERENCE } from '../models.js'
import type { Flaw } from './rule.js'
import type { ModelsRule } from './setting-rule.js'

export const modelKey: ModelsRule = {
  code: 'model-key',
  level: 'error',
  explanation: '`key` is not `env:NAME`: it says which variable of the executor holds the key, and is never the key itself.',
  *check({ models }): Iterable<Flaw> {
    for (const [name, { key, provider }] of Object.entries(models)) {
      const path = ['models', name, 'key']
      // what stands there may be a secret: it is not repeated
      if (key !== undefined && (typeof key !== 'string' || !KEY_REFERENCE.test(key))) yield {
        path,
        message: `The key of ${name} is not written as env:NAME.`,
        remedy: 'Write key: env:OPENAI_API_KEY and give the executor that variable; if this is the key itself, it is in the history now: revoke it.',
      }
      else if (key !== undefined && provider === 'replay') yield { path, message: `${name} is a recording and needs no key.`, remedy: 'Remove key.' }
    }
  },
}
