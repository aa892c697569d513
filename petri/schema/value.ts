import { equalValues } from '../arcql/order.js'
import { canonicalText } from '../canonical.js'
import { isObject, type Json } from '../json.js'
import type { Keywords } from './compile.js'
import { type Check, fail } from './state.js'

const FITS: Readonly<Record<string, (value: Json) => boolean>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  string: (value) => typeof value === 'string',
  array: (value) => Array.isArray(value),
  object: (value) => isObject(value),
}

/** A type as a sentence names it. */
const NAMES: Readonly<Record<string, string>> = {
  null: 'null', boolean: 'true or false', number: 'a number', integer: 'a whole number', string: 'a text', array: 'a list', object: 'an object',
}

/** A value as a sentence names it. */
export function described(value: Json): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return value.length <= 40 ? `the text ${JSON.stringify(value)}` : 'a text'
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'an object'
  return `${value}`
}

export const valueKeywords: Keywords = {
  type(argument, _, compiler) {
    const types = typeof argument === 'string' ? [argument] : Array.isArray(argument) ? (argument as readonly Json[]) : []
    for (const type of types) {
      if (typeof type !== 'string' || !Object.hasOwn(FITS, type)) throw compiler.fault(`${JSON.stringify(type)} is no type`, `use ${Object.keys(FITS).join(', ')}`)
    }
    if (types.length === 0) throw compiler.fault('type names no type', `use ${Object.keys(FITS).join(', ')}`)
    const wanted = types.map((type) => NAMES[type as string]!).join(' or ')
    const fits = types.map((type) => FITS[type as string]!)
    const [only] = fits
    const ask = fits.length === 1 ? only! : (value: Json) => fits.some((fit) => fit(value))
    return (value, state) => ask(value) || fail(state, `is ${described(value)}, and ${wanted} is expected`)
  },

  enum(argument, _, compiler) {
    if (!Array.isArray(argument)) throw compiler.fault('enum is no list', 'write it as a list of values')
    const values = argument as readonly Json[]
    const texts = new Set(values.map(canonicalText))
    const shown = values.slice(0, 12).map(canonicalText).join(', ')
    return (value, state) => texts.has(canonicalText(value)) || fail(state, `is ${described(value)}, and one of ${shown} is expected`)
  },

  const(argument): Check {
    return (value, state) => equalValues(value, argument) || fail(state, `is ${described(value)}, and ${canonicalText(argument)} is expected`)
  },
}
