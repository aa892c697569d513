import type { Json } from './json.js'
import { MAX_DEPTH, TooDeep } from './json-text.js'
import { ParseFault } from './parsed.js'

/** Copies a JavaScript value as I-JSON: plain objects, keys sorted, no -0. Throws ParseFault for what JSON cannot say. */
export function readValue(value: unknown): Json {
  return take(value, 1, [])
}

type Where = (string | number)[]

function fault(where: Where, what: string, remedy: string): ParseFault {
  return new ParseFault(`${subject(where)} ${what}`, remedy, 0)
}

function subject(where: Where): string {
  const path = where.map((step) => `[${JSON.stringify(step)}]`).join('')
  return path === '' ? 'the value' : `the value at ${path}`
}

function take(value: unknown, level: number, where: Where): Json {
  switch (typeof value) {
    case 'boolean':
      return value
    case 'string':
      return takeText(value, where)
    case 'number':
      if (!Number.isFinite(value)) throw fault(where, `is ${value}, which JSON cannot say`, 'send null or a text')
      return value === 0 ? 0 : value
    case 'object':
      if (value === null) return null
      if (level > MAX_DEPTH) throw new TooDeep(`the value is nested over ${MAX_DEPTH} levels`, 'flatten the value', 0)
      return Array.isArray(value) ? takeList(value, level, where) : takeObject(value, level, where)
    default:
      throw fault(where, `is ${value === undefined ? 'undefined' : `a ${typeof value}`}, which JSON cannot say`, 'send null, or leave the key out')
  }
}

function takeText(text: string, where: Where): string {
  if (text.includes('\0')) throw fault(where, 'holds U+0000', 'leave the character out, or send the bytes as base64')
  if (!text.isWellFormed()) throw fault(where, 'holds half of a surrogate pair', 'send well-formed Unicode, or the bytes as base64')
  return text
}

function takeList(list: readonly unknown[], level: number, where: Where): Json[] {
  const out: Json[] = []
  for (let index = 0; index < list.length; index++) {
    where.push(index)
    out.push(take(list[index], level + 1, where))
    where.pop()
  }
  return out
}

function takeObject(object: object, level: number, where: Where): Json {
  const prototype: unknown = Object.getPrototypeOf(object)
  // a plain object of another realm (a vm, a worker) has a prototype of its own, with none above it
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw fault(where, `is a ${object.constructor.name}, which JSON cannot say`, 'send plain objects, lists, texts, numbers, true, false and null')
  }
  const entries = Object.keys(object).sort().map((key): [string, Json] => {
    where.push(key)
    takeText(key, where)
    const inner = take((object as Record<string, unknown>)[key], level + 1, where)
    where.pop()
    return [key, inner]
  })
  return Object.fromEntries(entries)
}
