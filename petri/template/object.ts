import { type Json, type JsonObject, own } from '../json.js'
import { define } from './function.js'

export const objectFunctions = [
  define('keys', 'object', [], (object) => Object.keys(object).sort()),
  define('merge(object)', 'object', ['object'], (object, over) => sorted([...Object.entries(object), ...Object.entries(over)])),
  define('with(key, value)', 'object', ['text', 'value'], (object, key, value) => sorted([...Object.entries(object), [key, value]])),
  define('without(key, ...)', 'object', ['...text'], (object, ...keys) => Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)))),
  define('pick(key, ...)', 'object', ['...text'], (object, ...keys) =>
    sorted(keys.filter((key) => Object.hasOwn(object, key)).map((key): [string, Json] => [key, own(object, key)!]))),
]

/** The last entry of a name wins. */
function sorted(entries: [string, Json][]): JsonObject {
  const last = Object.fromEntries(entries)
  return Object.fromEntries(Object.entries(last).sort(([a], [b]) => (a < b ? -1 : 1)))
}
