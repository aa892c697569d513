import { isObject, type Json } from '../../json.js'
import { parseTemplate } from '../../template.js'
import type { ValueType } from '../../template/function.js'
import { ANY, either, follow, listOf, NEVER, objectOf, shapeOf, typed, type Shape } from './shape.js'

/** The shapes of the roots where a template stands; undefined: there is no such root. */
export type Known = (root: string) => Shape | undefined

const DEEPEST = 32

/** The shape that a template comes to. Texts that cannot be read come to any. */
export function templateShape(value: Json, known: Known, depth = 0): Shape {
  if (depth > DEEPEST) return ANY
  if (Array.isArray(value)) return listOf(value.slice(0, 100).map((item) => templateShape(item as Json, known, depth + 1)).reduce(either, NEVER))
  if (isObject(value)) return objectOf(Object.fromEntries(Object.entries(value).map(([key, item]) => [key.replaceAll('$${', '${'), templateShape(item, known, depth + 1)])))
  if (typeof value !== 'string' || !value.includes('${')) return shapeOf(value)
  if (value === '${result}') return known('result') ?? ANY
  const parsed = parseTemplate(value)
  if (!parsed.ok) return ANY
  const [path] = parsed.value.paths
  // Text around a hole makes it text; one hole alone keeps its type.
  if (parsed.value.constant || !path || !isWhole(value, path.text)) return typed('text')
  const root = known(path.root)
  const start = root ? follow(root, path.steps) : { shape: ANY }
  return path.through.reduce(through, start.missing ? ANY : start.shape)
}

function isWhole(text: string, inside: string): boolean {
  return text.startsWith('${') && text.endsWith('}') && text.slice(2, -1).trim() === inside
}

const RESULTS: Readonly<Record<string, ValueType>> = {
  lower: 'text', upper: 'text', trim: 'text', urlencode: 'text', base64: 'text', replace: 'text', join: 'text', json: 'text', date: 'text', addDuration: 'text',
  length: 'number', add: 'number', sub: 'number', mul: 'number', div: 'number', round: 'number', sum: 'number',
  split: 'list', map: 'list', matchAll: 'list', flatten: 'list', keys: 'list',
  merge: 'object', with: 'object', group: 'object',
}

/** What comes out of a function, by its name; its arguments are not looked at. */
function through(input: Shape, name: string): Shape {
  const type = RESULTS[name]
  if (type === 'list') return listOf(ANY)
  if (type) return typed(type)
  if (name === 'filter' || name === 'sort' || name === 'unique') return input
  return ANY
}
