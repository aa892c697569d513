import type { Json } from '../json.js'
import type { Pattern } from '../pattern.js'
import { base64 } from './base64.js'
import { define, FunctionFault } from './function.js'
import { MAX_TEXT, tooLong } from './limit.js'

const SURROGATE = /[\ud800-\udfff]/
const RESERVED = /[!'()*]/g

export const textFunctions = [
  define('lower', 'text', [], (text) => text.toLowerCase()),
  define('upper', 'text', [], (text) => text.toUpperCase()),
  define('trim', 'text', [], (text) => text.trim()),
  define('split(sep)', 'text', ['text'], (text, separator) => (separator === '' ? [...text] : text.split(separator))),
  define('replace(/re/, text)', 'text', ['pattern', 'text'], (text, pattern, by) => {
    const replaced = within(pattern, text).replace(text, by, MAX_TEXT)
    if (replaced === undefined) throw tooLong()
    return replaced
  }),
  define('match(/re/)', 'text', ['pattern'], (text, pattern) => within(pattern, text).match(text)),
  define('matchAll(/re/)', 'text', ['pattern'], (text, pattern) => within(pattern, text).matchAll(text)),
  define('urlencode', 'text', [], (text) => encodeURIComponent(text).replace(RESERVED, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)),
  define('base64', 'text', [], base64),
]

/** Texts and lists alike: a text counts in code points, as Postgres does. */
export const sequenceFunctions = [
  define('length', ['text', 'list'], [], (value) => (typeof value === 'string' ? countPoints(value) : (value as readonly Json[]).length)),
  define('slice(from, to?)', ['text', 'list'], ['integer', 'integer?'], (value, from, to) => {
    if (from < 0 || (to !== undefined && to < 0)) throw new FunctionFault(`slice takes positions from 0, not ${from < 0 ? from : to}`, 'for the end of a list use last, or length and sub')
    if (typeof value !== 'string') return (value as readonly Json[]).slice(from, to)
    return SURROGATE.test(value) ? [...value].slice(from, to).join('') : value.slice(from, to)
  }),
]

function within(pattern: Pattern, text: string): Pattern {
  if (!pattern.overworked(text)) return pattern
  throw new FunctionFault(`the text has ${text.length} characters, too many for a pattern as large as /${pattern.source}/`, 'split the text before, or take a smaller pattern')
}

function countPoints(text: string): number {
  if (!SURROGATE.test(text)) return text.length
  let count = 0
  for (const _ of text) count++
  return count
}
