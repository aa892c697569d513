import { isObject, own, type Json, type JsonObject } from '../../json.js'
import { PARAM } from '../../scalar.js'
import type { NetFile } from '../../language.js'

export interface Filled {
  readonly value: NetFile
  /** where a `${params.x}` stood that is a key's whole value, and what it came to (undefined: there is no such param) */
  readonly uses: readonly { readonly path: readonly (string | number)[]; readonly text: string; readonly name: string; readonly found: boolean }[]
}

/**
 * Fills `${params.x}` where it is the whole value of a scalar key. Templates keep theirs: there it is a root that fire knows,
 * and a param's own `${` must stay text.
 */
export function fillParams(value: NetFile, params: JsonObject): Filled {
  const uses: { path: readonly (string | number)[]; text: string; name: string; found: boolean }[] = []
  const walk = (part: unknown, path: readonly (string | number)[]): unknown => {
    if (typeof part === 'string') {
      if (!PARAM.test(part)) return part
      const [name, found] = lookUp(part, params)
      uses.push({ path, text: part, name, found: found !== undefined })
      return found === undefined ? part : found
    }
    if (typeof part !== 'object' || part === null) return part
    if (Array.isArray(part)) return same(part, part.map((item, at) => walk(item, [...path, at])))
    const entries = Object.entries(part)
    const filled = entries.map(([key, item]) => (isTemplate(path, key) ? item : walk(item, [...path, key])))
    return filled.every((item, at) => item === entries[at]![1]) ? part : Object.fromEntries(entries.map(([key], at) => [key, filled[at]]))
  }
  return { value: walk(value, []) as NetFile, uses }
}

function same(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  return after.every((item, at) => item === before[at]) ? before : after
}

const APART = new Set(['apiVersion', 'kind', 'metadata', 'params', 'layout', 'foreign'])
const SCALARS_OF_DO = new Set([
  'method', 'maxBytes', 'parse', 'expect', 'allow', 'relation', 'role', 'model', 'schema', 'temperature', 'maxTokens', 'maxIterations',
])

/** Whether what stands under this key is a template (or no part of the net's meaning) and so keeps its `${params.x}`. */
function isTemplate(path: readonly (string | number)[], key: string): boolean {
  if (path.length === 0) return APART.has(key)
  if (path[0] !== 'transitions') return false
  if (path.length === 3 && path[2] === 'do') return !SCALARS_OF_DO.has(key)
  if (path.length === 2) return key === 'cost'
  if (path[2] === 'out') return key === 'emit' || key === 'each'
  return path[2] === 'rate' && key === 'per'
}

/** The name after `params.` and its value, or undefined when there is none. */
function lookUp(text: string, params: JsonObject): readonly [string, Json | undefined] {
  const path = text.slice(text.indexOf('params.') + 'params.'.length, -1).trim()
  const steps = path.match(/[^.[\]"]+/g) ?? []
  let at: Json | undefined = params
  for (const step of steps) {
    if (isObject(at)) at = own(at, step)
    else if (Array.isArray(at) && /^\d+$/.test(step)) at = (at as readonly Json[])[Number(step)]
    else at = undefined
  }
  return [path, at]
}
