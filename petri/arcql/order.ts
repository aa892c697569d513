import type { Json } from '../json.js'
import type { Order } from './ast.js'
import type { Subject } from './evaluate.js'
import { compileSteps } from './path.js'

/** Where a value stands among those of other types: missing, null, false, true, numbers, texts, lists, objects. */
export function rank(value: Json | undefined): number {
  switch (typeof value) {
    case 'undefined':
      return 0
    case 'boolean':
      return value ? 3 : 2
    case 'number':
      return 4
    case 'string':
      return 5
    default:
      return value === null ? 1 : Array.isArray(value) ? 6 : 7
  }
}

/** ArcQL's order of any two values. Lists are equal to one another, and objects are: arrival decides between them. */
export function compareValues(a: Json | undefined, b: Json | undefined): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b)
  return rank(a) - rank(b)
}

/** By code point, as Postgres's collation "C" does; JavaScript's own order is by UTF-16 unit. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index)
    const right = b.charCodeAt(index)
    if (left === right) continue
    // surrogates stand for code points above every other unit
    const highLeft = left >= 0xd800 && left <= 0xdfff
    const highRight = right >= 0xd800 && right <= 0xdfff
    return highLeft === highRight ? left - right : highLeft ? 1 : -1
  }
  return a.length - b.length
}

/** Equal as JSON: same type, same number, text, elements, keys and values. */
export function equalValues(a: Json, b: Json): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false
    for (let index = 0; index < a.length; index++) if (!equalValues(a[index] as Json, b[index] as Json)) return false
    return true
  }
  if (Array.isArray(b)) return false
  const left = a as { readonly [key: string]: Json }
  const right = b as { readonly [key: string]: Json }
  const keys = Object.keys(left)
  if (keys.length !== Object.keys(right).length) return false
  for (const key of keys) if (!Object.hasOwn(right, key) || !equalValues(left[key]!, right[key]!)) return false
  return true
}


/** Lays an order out for sorting. Equal (0) leaves it to arrival: the sort must be stable or compare ids after. */
export function compileOrder(order: Order): (a: Subject, b: Subject) => number {
  const keys = order.map(({ path, descending }) => {
    const inner = compileSteps(path.steps)
    const read = path.base === 'data' ? (subject: Subject) => inner(subject.data) : (subject: Subject) => inner(subject.meta())
    return { read, sign: descending ? -1 : 1 }
  })
  return (a, b) => {
    for (let index = 0; index < keys.length; index++) {
      const { read, sign } = keys[index]!
      const by = compareValues(read(a), read(b))
      if (by !== 0) return sign * by
    }
    return 0
  }
}
