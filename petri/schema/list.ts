import { canonicalText } from '../canonical.js'
import type { Json } from '../json.js'
import { own } from '../json.js'
import type { Compiler, Keywords } from './compile.js'
import { countOf } from './number.js'
import { fail, inside, type Node, quietly } from './state.js'

/** The schemas of a keyword that takes a list of them. */
export function schemasOf(argument: Json, compiler: Compiler, same?: 'same'): Node[] {
  if (!Array.isArray(argument) || argument.length === 0) throw compiler.fault('the keyword takes a list of schemas', 'write it as [schema, ...] with at least one')
  return (argument as readonly Json[]).map((schema, index) => compiler.child(schema, [index], same))
}

function list(value: Json): readonly Json[] | undefined {
  return Array.isArray(value) ? (value as readonly Json[]) : undefined
}

export const listKeywords: Keywords = {
  prefixItems(argument, _, compiler) {
    const nodes = schemasOf(argument, compiler)
    return (value, state) => {
      const items = list(value)
      if (items === undefined) return true
      let ok = true
      for (let index = 0; index < nodes.length && index < items.length; index++) ok = inside(nodes[index]!, items[index]!, index, state) && ok
      return ok
    }
  },
  items(argument, schema, compiler) {
    if (Array.isArray(argument)) throw compiler.fault('items is a list of schemas', 'call it prefixItems: that is its name since 2020-12')
    const node = compiler.child(argument, [])
    const prefix = own(schema, 'prefixItems')
    const from = Array.isArray(prefix) ? prefix.length : 0
    return (value, state) => {
      const items = list(value)
      if (items === undefined) return true
      let ok = true
      for (let index = from; index < items.length; index++) {
        if (inside(node, items[index]!, index, state)) continue
        if (state.errors === undefined) return false
        ok = false
      }
      return ok
    }
  },
  contains(argument, schema, compiler) {
    const node = compiler.child(argument, [])
    const least = countOf(own(schema, 'minContains') ?? 1, compiler)
    const most = countOf(own(schema, 'maxContains') ?? Number.MAX_SAFE_INTEGER, compiler)
    return (value, state) => {
      const items = list(value)
      if (items === undefined) return true
      let found = 0
      for (const item of items) if (quietly(node, item, state)) found++
      if (found < least) return fail(state, `holds ${found} elements that fit contains, and at least ${least} are expected`)
      return found <= most || fail(state, `holds ${found} elements that fit contains, and at most ${most} are expected`)
    }
  },
  minContains: (argument, _, compiler) => void countOf(argument, compiler),
  maxContains: (argument, _, compiler) => void countOf(argument, compiler),
  minItems(argument, _, compiler) {
    const least = countOf(argument, compiler)
    return (value, state) => (list(value)?.length ?? least) >= least || fail(state, `has ${list(value)!.length} elements, and at least ${least} are expected`)
  },
  maxItems(argument, _, compiler) {
    const most = countOf(argument, compiler)
    return (value, state) => (list(value)?.length ?? most) <= most || fail(state, `has ${list(value)!.length} elements, and at most ${most} are expected`)
  },
  uniqueItems(argument, _, compiler) {
    if (typeof argument !== 'boolean') throw compiler.fault('uniqueItems is neither true nor false', 'write true or false')
    if (!argument) return undefined
    return (value, state) => {
      const items = list(value)
      if (items === undefined || items.length < 2) return true
      const seen = new Set<string>()
      for (const item of items) {
        const text = canonicalText(item)
        if (seen.has(text)) return fail(state, `holds ${text.length <= 40 ? text : 'an element'} twice, and each element may stand once`)
        seen.add(text)
      }
      return true
    }
  },
}
