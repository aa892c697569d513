import type { Json } from '../petri/json.js'
import { isObject } from '../petri/json.js'
import type { Expected } from './task.js'

/** Whether a token is the one meant: of an object, the keys that are given. */
function fits(token: Json, wanted: Json): boolean {
  if (Array.isArray(wanted)) return Array.isArray(token) && token.length === wanted.length && wanted.every((one: Json, at) => fits((token as readonly Json[])[at]!, one))
  if (isObject(wanted)) return isObject(token) && Object.entries(wanted).every(([key, value]) => Object.hasOwn(token, key) && fits(token[key]!, value))
  return token === wanted
}

/** What is wrong with the tokens of a place; undefined when they are those expected, in any order. */
export function differs(place: string, tokens: readonly Json[], expected: Expected): string | undefined {
  if (typeof expected === 'function') return expected(tokens)
  const left = [...tokens]
  const missing = expected.filter((wanted) => {
    const at = left.findIndex((token) => fits(token, wanted))
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
  if (missing.length === 0 && left.length === 0) return undefined
  const words = [...(missing.length === 0 ? [] : [`lacks ${short(missing)}`]), ...(left.length === 0 ? [] : [`holds ${short(left)} too`])]
  return `${place} ${words.join(' and ')}`
}

function short(values: readonly Json[]): string {
  const text = values.slice(0, 3).map((value) => JSON.stringify(value)).join(', ')
  return values.length > 3 ? `${text} and ${values.length - 3} more` : text
}
