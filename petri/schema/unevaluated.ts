import { isObject, type Json, type JsonObject, own } from '../json.js'
import type { Compiler, Keywords } from './compile.js'
import { patternsOf } from './object.js'
import { fail, inside, type Node, quietly, type State } from './state.js'

/** What the other keywords, and the schemas they ask of the same value, have already judged. */
interface Judged {
  readonly keys: Set<string>
  readonly items: Set<number>
}

export const unevaluatedKeywords: Keywords = {
  unevaluatedProperties(argument, _, compiler, self) {
    const node = compiler.child(argument, [])
    return (value, state) => {
      if (!isObject(value)) return true
      const { keys } = judged(self, value, state, compiler, 'unevaluatedProperties')
      let ok = true
      for (const key of Object.keys(value)) {
        if (keys.has(key)) continue
        if (node.schema !== false) ok = inside(node, value[key]!, key, state) && ok
        else ok = fail(state, `has the key ${JSON.stringify(key)}, which nothing in the schema allows`)
      }
      return ok
    }
  },
  unevaluatedItems(argument, _, compiler, self) {
    const node = compiler.child(argument, [])
    return (value, state) => {
      if (!Array.isArray(value)) return true
      const { items } = judged(self, value, state, compiler, 'unevaluatedItems')
      let ok = true
      for (let index = 0; index < value.length; index++) if (!items.has(index)) ok = inside(node, value[index] as Json, index, state) && ok
      return ok
    }
  },
}

function judged(node: Node, value: Json, state: State, compiler: Compiler, except: string): Judged {
  const into: Judged = { keys: new Set(), items: new Set() }
  collect(node, value, state, compiler, into, except)
  return into
}

/** Of schemas that may fail, only those that fit have judged anything. */
function collect(node: Node, value: Json, state: State, compiler: Compiler, into: Judged, except = ''): void {
  const { schema } = node
  if (typeof schema === 'boolean') return
  const further = (inner: Json | undefined): void => {
    if (inner !== undefined) collect(compiler.lookup(inner), value, state, compiler, into)
  }
  const fits = (inner: Json): boolean => quietly(compiler.lookup(inner), value, state)
  if (node.target !== undefined) collect(node.target, value, state, compiler, into)
  for (const name of ['allOf', 'anyOf', 'oneOf'] as const) {
    const inner = own(schema, name)
    if (Array.isArray(inner)) for (const each of inner as readonly Json[]) if (name === 'allOf' || fits(each)) further(each)
  }
  const condition = own(schema, 'if')
  if (condition !== undefined) {
    if (fits(condition)) further(condition), further(own(schema, 'then'))
    else further(own(schema, 'else'))
  }
  if (isObject(value)) collectKeys(schema, value, compiler, into, except, further)
  if (Array.isArray(value)) collectItems(schema, value as readonly Json[], state, compiler, into, except)
}

function collectKeys(schema: JsonObject, value: JsonObject, compiler: Compiler, { keys }: Judged, except: string, further: (inner: Json | undefined) => void): void {
  const dependent = own(schema, 'dependentSchemas')
  if (isObject(dependent)) for (const [name, inner] of Object.entries(dependent)) if (Object.hasOwn(value, name)) further(inner)
  const all = Object.hasOwn(schema, 'additionalProperties') || (except !== 'unevaluatedProperties' && Object.hasOwn(schema, 'unevaluatedProperties'))
  const named = own(schema, 'properties')
  const patterns = patternsOf(schema, compiler)
  for (const key of Object.keys(value)) {
    if (all || (isObject(named) && Object.hasOwn(named, key)) || patterns.some((pattern) => pattern.test(key))) keys.add(key)
  }
}

function collectItems(schema: JsonObject, value: readonly Json[], state: State, compiler: Compiler, { items }: Judged, except: string): void {
  const prefix = own(schema, 'prefixItems')
  const all = Object.hasOwn(schema, 'items') || (except !== 'unevaluatedItems' && Object.hasOwn(schema, 'unevaluatedItems'))
  const count = all ? value.length : Array.isArray(prefix) ? prefix.length : 0
  for (let index = 0; index < count; index++) items.add(index)
  const contains = own(schema, 'contains')
  if (contains === undefined) return
  const node = compiler.lookup(contains)
  value.forEach((item, index) => quietly(node, item, state) && items.add(index))
}
