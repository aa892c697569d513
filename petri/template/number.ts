import { compareTexts } from '../arcql/order.js'
import { add, divide, multiply, type Result, round, subtract } from '../decimal.js'
import type { Json } from '../json.js'
import { define, FunctionFault, typeOf } from './function.js'

export const numberFunctions = [
  define('add(n)', 'number', ['number'], (a, b) => computed('add', add(a, b))),
  define('sub(n)', 'number', ['number'], (a, b) => computed('sub', subtract(a, b))),
  define('mul(n)', 'number', ['number'], (a, b) => computed('mul', multiply(a, b))),
  define('div(n)', 'number', ['number'], (a, b) => computed('div', divide(a, b))),
  define('round(digits?)', 'number', ['integer?'], (value, digits = 0) => {
    if (digits < 0 || digits > 15) throw new FunctionFault(`round takes 0 to 15 digits, not ${digits}`, 'to round to thousands, div, round and mul')
    return computed('round', round(value, digits))
  }),
]

export function computed(name: string, result: Result): number {
  if (typeof result === 'number') return result
  if (result === 'by-zero') throw new FunctionFault('div divides by zero', 'ask for it first: a condition on the arc, or max(1)')
  throw new FunctionFault(`${name} gives more than 2^53-1, which is no exact number any more`, 'count in a larger unit')
}

/** The greatest (or least) of a list of numbers or of texts; null when it is empty. */
export function largest(name: string, list: readonly Json[], sign: 1 | -1): Json {
  let best: Json = null
  for (const element of list) {
    if (typeof element !== 'number' && typeof element !== 'string') throw new FunctionFault(`${name} takes numbers or texts, and the list holds a ${typeOf(element)}`, 'filter or map the list before')
    if (best === null) best = element
    else if (typeof best !== typeof element) throw new FunctionFault(`${name} takes numbers or texts, and the list holds both`, 'filter or map the list before')
    else if (sign * (typeof element === 'number' ? element - (best as number) : compareTexts(element, best as string)) > 0) best = element
  }
  return best
}
