import { compareValues, equalValues } from '../arcql/order.js'
import { canonicalText } from '../canonical.js'
import { add } from '../decimal.js'
import { isObject, type Json } from '../json.js'
import { define, type ElementPath, FunctionFault, typeOf } from './function.js'
import { bounded } from './limit.js'
import { computed, largest } from './number.js'
import { printSteps } from '../arcql/path.js'

export const listFunctions = [
  define('first', 'list', [], (list) => list[0] ?? null),
  define('last', 'list', [], (list) => list[list.length - 1] ?? null),
  define('join(sep)', 'list', ['text'], (list, separator) => {
    let out = ''
    list.forEach((element, index) => (out = bounded(`${out}${index === 0 ? '' : separator}${typeof element === 'string' ? element : canonicalText(element)}`)))
    return out
  }),
  define('map(path)', 'list', ['path'], (list, path) => list.map((element, index) => at('map', element, index, path))),
  define('filter(path, value)', 'list', ['path', 'value'], (list, path, value) =>
    list.filter((element) => {
      const found = path.read(element)
      return found !== undefined && equalValues(found, value)
    })),
  define('sort(path?, "desc"?)', 'list', ['path?', 'text?'], (list, path, direction) => {
    if (direction !== undefined && direction !== 'desc' && direction !== 'asc') throw new FunctionFault(`sort knows no direction ${JSON.stringify(direction)}`, 'write "desc" or "asc"')
    const sign = direction === 'desc' ? -1 : 1
    return list
      .map((element) => ({ element, by: path === undefined ? element : path.read(element) }))
      .sort((a, b) => sign * compareValues(a.by, b.by))
      .map(({ element }) => element)
  }),
  define('unique(path?)', 'list', ['path?'], (list, path) => {
    const seen = new Set<string>()
    return list.filter((element, index) => {
      const text = canonicalText(path === undefined ? element : at('unique', element, index, path))
      return !seen.has(text) && seen.add(text)
    })
  }),
  define('flatten', 'list', [], (list) => list.flatMap((element) => element as Json[])),
  define('append(value)', 'list', ['value'], (list, value) => [...list, value]),
  define('group(path)', 'list', ['path'], (list, path) => {
    const groups = new Map<string, { items: Json[]; key: Json }>()
    list.forEach((element, index) => {
      const key = at('group', element, index, path)
      const text = canonicalText(key)
      const group = groups.get(text)
      if (group === undefined) groups.set(text, { items: [element], key })
      else group.items.push(element)
    })
    return [...groups.values()]
  }),
  define('sum(path?)', 'list', ['path?'], (list, path) => {
    let sum = 0
    list.forEach((element, index) => {
      const value = path === undefined ? element : at('sum', element, index, path)
      if (typeof value !== 'number') throw new FunctionFault(`sum takes numbers, and element ${index} is a ${typeOf(value)}`, 'filter the list before, or give the path to the number')
      sum = computed('sum', add(sum, value))
    })
    return sum
  }),
]

/** One word for a list's least and for the lesser of two numbers. */
export const boundFunctions = [
  define('min(n?)', ['list', 'number'], ['number?'], (value, other) => extreme('min', value, other, -1)),
  define('max(n?)', ['list', 'number'], ['number?'], (value, other) => extreme('max', value, other, 1)),
]

function extreme(name: string, value: Json, other: number | undefined, sign: 1 | -1): Json {
  if (typeof value === 'number') {
    if (other === undefined) throw new FunctionFault(`${name} of a number needs another number`, `write ${name}(10)`)
    return sign * (value - other) >= 0 ? value : other
  }
  if (other !== undefined) throw new FunctionFault(`${name} of a list takes no argument`, `write ${name} alone`)
  return largest(name, value as readonly Json[], sign)
}

function at(name: string, element: Json, index: number, path: ElementPath): Json {
  const value = path.read(element)
  if (value !== undefined) return value
  const has = isObject(element) ? `it has ${Object.keys(element).slice(0, 12).join(', ') || 'no keys'}` : `it is a ${typeOf(element)}`
  throw new FunctionFault(`${name}: element ${index} has no ${`$${printSteps(path.steps)}`}; ${has}`, 'name a path that every element has')
}
