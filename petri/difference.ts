import { canonicalText } from './canonical.js'
import { isObject, own, type Json, type JsonObject } from './json.js'

/** One value that differs: `before` is absent where it came, `after` where it went. */
export interface Difference {
  readonly path: readonly (string | number)[]
  readonly before?: Json
  readonly after?: Json
}

/** What differs between two objects, as deep as their shapes agree; lists of another length differ as a whole. In order of keys. */
export function differences(before: JsonObject, after: JsonObject, path: readonly (string | number)[] = []): Difference[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return keys.flatMap((key) => between(own(before, key), own(after, key), [...path, key]))
}

function between(before: Json | undefined, after: Json | undefined, path: readonly (string | number)[]): Difference[] {
  if (before === undefined) return [{ path, after: after! }]
  if (after === undefined) return [{ path, before }]
  if (isObject(before) && isObject(after) && Object.keys(before).length > 0 && Object.keys(after).length > 0) return differences(before, after, path)
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, at) => between(item as Json, after[at] as Json, [...path, at]))
  }
  return canonicalText(before) === canonicalText(after) ? [] : [{ path, before, after }]
}
