import { misreads } from './misread.js'
import type { Rule } from './rule.js'

export const badCondition: Rule = {
  code: 'bad-condition',
  level: 'error',
  explanation: 'An ArcQL condition cannot be read.',
  check: (subject) => misreads(subject, 'condition'),
}
