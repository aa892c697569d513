import { isObject, own } from '../json.js'
import type { Flaw, Rule } from './rule.js'

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

export const badHeader: Rule = {
  code: 'bad-header',
  level: 'error',
  explanation: 'A request header has a name that HTTP does not know, stands there twice, or holds a line end.',
  *check({ net }): Iterable<Flaw> {
    for (const transition of Object.values(net.transitions)) {
      const headers = transition.kind === 'http' && isObject(transition.action ?? undefined) ? own(transition.action!, 'headers') : undefined
      const seen = new Map<string, string>()
      for (const [name, value] of Object.entries(isObject(headers) ? headers : {})) {
        const path = ['transitions', transition.name, 'do', 'headers', name]
        const before = seen.get(name.toLowerCase())
        seen.set(name.toLowerCase(), name)
        if (!NAME.test(name)) yield {
          path,
          message: `${JSON.stringify(name)} is no name of a header.`,
          remedy: 'Use letters, digits and dashes.',
        }
        else if (before !== undefined) yield {
          path,
          message: `${name} and ${before} are the same header.`,
          remedy: 'Keep one, and join the values with a comma.',
        }
        else if (typeof value === 'string' && /[\r\n\0]/.test(value)) yield {
          path,
          message: `The value of ${name} holds a line end.`,
          remedy: 'Write it on one line.',
        }
      }
    }
  },
}
