import { misreads } from './misread.js'
import type { Rule } from './rule.js'

export const badTemplate: Rule = {
  code: 'bad-template',
  level: 'error',
  explanation: 'A template cannot be read.',
  check: (subject) => misreads(subject, 'template'),
}
