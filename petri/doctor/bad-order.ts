import { misreads } from './misread.js'
import type { Rule } from './rule.js'

export const badOrder: Rule = {
  code: 'bad-order',
  level: 'error',
  explanation: 'An ArcQL order cannot be read.',
  check: (subject) => misreads(subject, 'order'),
}
