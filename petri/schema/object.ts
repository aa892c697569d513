import { isObject, type Json, type JsonObject, own } from '../json.js'
import { nearest } from '../nearest.js'
import type { Pattern } from '../pattern.js'
import type { Compiler, Keyword, Keywords } from './compile.js'
import { countOf } from './number.js'
import { fail, inside, type Node } from './state.js'
import { patternOf } from './text.js'

function objectOf(argument: Json, compiler: Compiler): JsonObject {
  if (!isObject(argument)) throw compiler.fault('the keyword takes an object', 'write it as {name: ...}')
  return argument
}

/** The schemas by name of a keyword such as properties. */
export function schemasByName(argument: Json, compiler: Compiler, same?: 'same'): readonly (readonly [string, Node])[] {
  return Object.entries(objectOf(argument, compiler)).map(([name, schema]) => [name, compiler.child(schema, [name], same)])
}

function namesOf(argument: Json, compiler: Compiler): readonly string[] {
  if (!Array.isArray(argument) || !argument.every((name) => typeof name === 'string')) throw compiler.fault('the keyword takes a list of names', 'write it as [name, ...]')
  return argument as readonly string[]
}

export function patternsOf(schema: JsonObject, compiler: Compiler): readonly Pattern[] {
  const patterns = own(schema, 'patternProperties')
  return isObject(patterns) ? Object.keys(patterns).map((source) => patternOf(source, compiler)) : []
}

const required: Keyword = (argument, _, compiler) => {
  const names = namesOf(argument, compiler)
  return (value, state) => {
    if (!isObject(value)) return true
    let ok = true
    for (const name of names) if (!Object.hasOwn(value, name)) ok = fail(state, lacks(value, name))
    return ok
  }
}

function lacks(value: JsonObject, name: string): string {
  const near = nearest(name, Object.keys(value))
  return `has no ${JSON.stringify(name)}, which is required${near === undefined ? '' : ` (it has ${JSON.stringify(near)})`}`
}

function counted(holds: (count: number, limit: number) => boolean, words: string): Keyword {
  return (argument, _, compiler) => {
    const limit = countOf(argument, compiler)
    return (value, state) => {
      if (!isObject(value)) return true
      const count = Object.keys(value).length
      return holds(count, limit) || fail(state, `has ${count} keys, and ${words} ${limit} are expected`)
    }
  }
}

export const objectKeywords: Keywords = {
  required,
  properties(argument, _, compiler) {
    const nodes = schemasByName(argument, compiler)
    return (value, state) => {
      if (!isObject(value)) return true
      let ok = true
      for (const [name, node] of nodes) {
        if (!Object.hasOwn(value, name) || inside(node, value[name]!, name, state)) continue
        if (state.errors === undefined) return false
        ok = false
      }
      return ok
    }
  },
  patternProperties(argument, _, compiler) {
    const nodes = schemasByName(argument, compiler).map(([source, node]) => ({ pattern: patternOf(source, compiler), node }))
    return (value, state) => {
      if (!isObject(value)) return true
      let ok = true
      for (const key of Object.keys(value)) {
        for (const { pattern, node } of nodes) if (pattern.test(key)) ok = inside(node, value[key]!, key, state) && ok
      }
      return ok
    }
  },
  additionalProperties(argument, schema, compiler) {
    const node = compiler.child(argument, [])
    const named = own(schema, 'properties')
    const names = isObject(named) ? named : {}
    const patterns = patternsOf(schema, compiler)
    const known = Object.keys(names)
    return (value, state) => {
      if (!isObject(value)) return true
      let ok = true
      for (const key of Object.keys(value)) {
        if (Object.hasOwn(names, key) || patterns.some((pattern) => pattern.test(key))) continue
        if (node.schema !== false) ok = inside(node, value[key]!, key, state) && ok
        else ok = fail(state, `has the key ${JSON.stringify(key)}, which is not allowed${meant(key, known)}`)
      }
      return ok
    }
  },
  propertyNames(argument, _, compiler) {
    const node = compiler.child(argument, [])
    return (value, state) => {
      if (!isObject(value)) return true
      let ok = true
      for (const key of Object.keys(value)) ok = inside(node, key, key, state) && ok
      return ok
    }
  },
  minProperties: counted((count, limit) => count >= limit, 'at least'),
  maxProperties: counted((count, limit) => count <= limit, 'at most'),
  dependentRequired(argument, _, compiler) {
    const rules = Object.entries(objectOf(argument, compiler)).map(([name, names]) => [name, namesOf(names, compiler)] as const)
    return (value, state) => {
      if (!isObject(value)) return true
      let ok = true
      for (const [name, names] of rules) {
        if (!Object.hasOwn(value, name)) continue
        for (const other of names) if (!Object.hasOwn(value, other)) ok = fail(state, `has ${JSON.stringify(name)} and so needs ${JSON.stringify(other)}`)
      }
      return ok
    }
  },
  dependentSchemas(argument, _, compiler) {
    const nodes = schemasByName(argument, compiler, 'same')
    return (value, state) => {
      if (!isObject(value)) return true
      let ok = true
      for (const [name, node] of nodes) if (Object.hasOwn(value, name)) ok = node.check(value, state) && ok
      return ok
    }
  },
}

function meant(key: string, known: readonly string[]): string {
  const near = nearest(key, known)
  return near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`
}
