import { admitText, canonicalText } from '../canonical.js'
import { isObject, own } from '../json.js'
import { define, FunctionFault, typeOf } from './function.js'
import { MAX_TEXT } from './limit.js'

export const anyFunctions = [
  define('default(x)', 'any', ['value'], (value, instead) => value ?? instead),

  define('get(key)', ['object', 'list'], ['value'], (from, key) => {
    if (isObject(from) && typeof key === 'string') return own(from, key)
    if (Array.isArray(from) && typeof key === 'number' && Number.isInteger(key)) return from[key]
    const wanted = isObject(from) ? 'a key of the object, which is a text' : 'an index of the list, which is a whole number from 0'
    throw new FunctionFault(`get takes ${wanted}, not a ${typeOf(key)}`, 'give it one of the right type')
  }),

  define('json', 'any', [], (value) => canonicalText(value)),

  define('parse', 'text', [], (text) => {
    const admitted = admitText(text, MAX_TEXT)
    if (!admitted.ok) throw new FunctionFault(`parse was given a text that is no JSON: ${admitted.message}`, admitted.remedy)
    return admitted.value
  }),
]
