import type { Json } from '../json.js'
import { isObject } from '../json.js'

/** Equal values whose keys stand in the same order: the order of inputs is the binding order. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameJson(item as Json, b[index] as Json))
  if (!isObject(a) || !isObject(b)) return false
  const keys = Object.keys(a)
  const others = Object.keys(b)
  return keys.length === others.length && keys.every((key, index) => key === others[index] && sameJson(a[key], b[key]))
}
