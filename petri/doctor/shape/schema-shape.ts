import { isObject, own, type Json } from '../../json.js'
import type { ValueType } from '../../template/function.js'
import { ANY, either, NEVER, shapeOf, typed, type Shape } from './shape.js'

const TYPES: Readonly<Record<string, readonly ValueType[]>> = {
  string: ['text'], number: ['number'], integer: ['number'], boolean: ['boolean'], null: ['null'], object: ['object'], array: ['list'],
}
const COMBINERS = ['$ref', '$dynamicRef', 'allOf', 'anyOf', 'oneOf', 'not', 'if', 'patternProperties', 'dependentSchemas', 'unevaluatedProperties']
const DEEPEST = 16

/** What a JSON Schema lets through: never less than it does. */
export function schemaShape(schema: Json, depth = 0): Shape {
  if (!isObject(schema) || depth > DEEPEST || COMBINERS.some((key) => Object.hasOwn(schema, key))) return schema === false ? NEVER : ANY
  const constant = own(schema, 'const')
  if (constant !== undefined) return shapeOf(constant)
  const values = own(schema, 'enum')
  if (Array.isArray(values)) return (values as readonly Json[]).map(shapeOf).reduce(either, NEVER)
  const type = own(schema, 'type')
  if (type === undefined) return ANY
  const types = (Array.isArray(type) ? (type as readonly Json[]) : [type]).flatMap((name) => TYPES[String(name)] ?? [])
  const made = typed(...types)
  return { ...made, ...(types.includes('object') ? objectPart(schema, depth) : {}), ...(types.includes('list') ? { element: itemsOf(schema, depth) } : {}) }
}

function objectPart(schema: Json, depth: number): Pick<Shape, 'keys' | 'open'> {
  if (!isObject(schema)) return { keys: new Map(), open: true }
  const properties = own(schema, 'properties')
  const list = own(schema, 'required')
  const required = new Set(Array.isArray(list) ? (list as readonly Json[]).map(String) : [])
  const keys = new Map<string, { shape: Shape; always: boolean }>()
  for (const [key, inner] of Object.entries(isObject(properties) ? properties : {})) keys.set(key, { shape: schemaShape(inner, depth + 1), always: required.has(key) })
  for (const key of required) if (!keys.has(key)) keys.set(key, { shape: ANY, always: true })
  return { keys, open: own(schema, 'additionalProperties') !== false }
}

function itemsOf(schema: Json, depth: number): Shape {
  const items = isObject(schema) && own(schema, 'prefixItems') === undefined ? own(schema, 'items') : undefined
  return items === undefined ? ANY : schemaShape(items, depth + 1)
}
