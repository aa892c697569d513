import { isObject, type Json, type JsonObject, own } from '../json.js'
import { nearest } from '../nearest.js'
import { ParseFault } from '../parsed.js'
import { combineKeywords } from './combine.js'
import { listKeywords } from './list.js'
import { numberKeywords } from './number.js'
import { objectKeywords } from './object.js'
import { textKeywords } from './text.js'
import { fail, type Node, OverBudget, type Check } from './state.js'
import { unevaluatedKeywords } from './unevaluated.js'
import { valueKeywords } from './value.js'

/** What a keyword needs while it is compiled. */
export interface Compiler {
  /** compiles a subschema that stands so many steps further in; `same` when it is asked of the same value */
  child(schema: Json, steps: readonly (string | number)[], same?: 'same'): Node
  /** the node of a subschema that is compiled already */
  lookup(schema: Json): Node
  fault(message: string, remedy: string): ParseFault
}

/** Makes a keyword's check; undefined for one that only annotates. */
export type Keyword = (argument: Json, schema: JsonObject, compiler: Compiler, node: Node) => Check | undefined
export type Keywords = Readonly<Record<string, Keyword>>

const MAX_CHAIN = 64
const MAX_PLACE = 128
const DIALECT = 'https://json-schema.org/draft/2020-12/schema'

const annotation: Keyword = () => undefined
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['definitions', 'call it $defs'],
  ['dependencies', 'use dependentRequired or dependentSchemas'],
  ['additionalItems', 'use prefixItems with items'],
  ['nullable', 'use type: [text type, "null"]'],
  ['$dynamicRef', 'use $ref'],
  ['$dynamicAnchor', 'use $anchor'],
  ['$recursiveRef', 'use $ref'],
  ['$vocabulary', 'leave it out: the vocabularies of 2020-12 are what there is'],
  ['id', 'leave it out, or write $id at the root'],
  ['example', 'use examples, which is a list'],
])

const coreKeywords: Keywords = {
  $schema(argument, _, compiler) {
    if (argument !== DIALECT && argument !== `${DIALECT}#`) throw compiler.fault(`the dialect ${JSON.stringify(argument)} is not known`, `leave $schema out, or write ${DIALECT}`)
    return undefined
  },
  $defs(argument, _, compiler) {
    if (!isObject(argument)) throw compiler.fault('$defs is no object', 'write it as {name: schema}')
    for (const [name, schema] of Object.entries(argument)) compiler.child(schema, [name])
    return undefined
  },
  $id: annotation,
  $anchor: annotation, $comment: annotation, title: annotation, description: annotation, default: annotation,
  deprecated: annotation, readOnly: annotation, writeOnly: annotation, examples: annotation, format: annotation,
  contentEncoding: annotation, contentMediaType: annotation, contentSchema: annotation,
}

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map(
  Object.entries({ ...coreKeywords, ...valueKeywords, ...numberKeywords, ...textKeywords, ...listKeywords, ...objectKeywords, ...combineKeywords, ...unevaluatedKeywords }),
)

const YES: Node = { schema: true, inPlace: [], target: undefined, check: () => true }
const NO: Node = { schema: false, inPlace: [], target: undefined, check: (_, state) => fail(state, 'is not allowed here') }

/** Compiles a whole schema. Throws ParseFault; `at` then says where. */
export function compileRoot(root: Json, at: (string | number)[]): Node {
  const nodes = new Map<Json, Node>([[true, YES], [false, NO]])
  const anchors = new Map<string, Node>()
  const references: { readonly node: Node; readonly target: string; readonly at: readonly (string | number)[] }[] = []
  const fault = (message: string, remedy: string): ParseFault => new ParseFault(message, remedy, 0)
  const lookup = (schema: Json): Node => nodes.get(schema)!

  function compile(schema: Json): Node {
    const known = nodes.get(schema)
    if (known !== undefined) return known
    if (at.length > MAX_PLACE) throw fault('the schema is nested too deep', 'move parts of it to $defs')
    if (!isObject(schema)) throw fault('a schema is neither an object nor true or false', 'write it as {type: ...}')
    const node: Node = { schema, inPlace: [], target: undefined, check: YES.check }
    nodes.set(schema, node)
    const child: Compiler['child'] = (inner, steps, same) => {
      at.push(...steps)
      const made = compile(inner)
      at.length -= steps.length
      if (same) node.inPlace.push(made)
      return made
    }
    const checks: Check[] = []
    for (const [name, argument] of Object.entries(schema)) {
      at.push(name)
      if (name === '$ref') checks.push(refer(node, argument))
      else if (name === '$id' && at.length > 1) throw fault('$id stands inside the schema', 'leave it out: references are local ($ref: "#/$defs/name")')
      else {
        const keyword = KEYWORDS.get(name)
        if (keyword === undefined) throw fault(`there is no keyword ${JSON.stringify(name)} in JSON Schema 2020-12`, instead(name))
        const check = keyword(argument, schema, { child, lookup, fault }, node)
        if (check !== undefined) checks.push(check)
        if (name === '$anchor' && typeof argument === 'string') anchors.set(argument, node)
      }
      at.pop()
    }
    node.check = all(checks)
    return node
  }

  function refer(node: Node, target: Json): Check {
    if (typeof target !== 'string') throw fault('$ref is no text', 'write it as "#/$defs/name"')
    references.push({ node, target, at: [...at] })
    return (value, state) => node.target!.check(value, state)
  }

  function resolve(target: string): Node {
    if (!target.startsWith('#')) throw fault(`$ref ${JSON.stringify(target)} leads outside the schema`, 'copy the definition into $defs and write "#/$defs/name"')
    const anchor = anchors.get(target.slice(1))
    if (anchor !== undefined) return anchor
    const found = pointed(root, target)
    if (found === undefined) throw fault(`$ref ${JSON.stringify(target)} leads nowhere`, 'write "#/$defs/name" with a name that is there')
    return compile(found)
  }

  const node = compile(root)
  // a target that nothing else reached is compiled here and may refer further
  for (let next = 0; next < references.length; next++) {
    const reference = references[next]!
    at.splice(0, at.length, ...reference.at)
    reference.node.target = resolve(reference.target)
    reference.node.inPlace.push(reference.node.target)
  }
  at.length = 0
  const heights = new Map<Node, number>()
  for (const each of nodes.values()) height(each, 0, heights, fault)
  return node
}

/** What `#/a/0/b%20c` points to (RFC 6901). */
function pointed(root: Json, target: string): Json | undefined {
  if (target !== '#' && !target.startsWith('#/')) return undefined
  let found: Json | undefined = root
  for (const part of target === '#' ? [] : target.slice(2).split('/')) {
    const step = decoded(part)
    if (Array.isArray(found)) found = /^(0|[1-9]\d{0,8})$/.test(step) ? (found[Number(step)] as Json | undefined) : undefined
    else found = isObject(found) ? own(found, step) : undefined
  }
  return found
}

function decoded(part: string): string {
  const plain = /%(?![0-9a-fA-F]{2})/.test(part) ? part : part.replace(/(?:%[0-9a-fA-F]{2})+/g, (bytes) => {
    try {
      return decodeURIComponent(bytes)
    } catch {
      return bytes
    }
  })
  return plain.replaceAll('~1', '/').replaceAll('~0', '~')
}

/** How many schemas are asked of one value in a row; a ring of them, or a chain too long to follow, is refused. */
function height(node: Node, above: number, heights: Map<Node, number>, fault: Compiler['fault']): number {
  const known = heights.get(node)
  if (known === Number.POSITIVE_INFINITY) throw fault('a schema refers to itself for the same value, so a check would never end', 'let it refer to itself only inside properties or items')
  if (above + (known ?? 0) > MAX_CHAIN) throw fault(`over ${MAX_CHAIN} schemas refer to one another in a row`, 'write it flatter')
  if (known !== undefined) return known
  heights.set(node, Number.POSITIVE_INFINITY)
  let most = 0
  for (const inner of node.inPlace) most = Math.max(most, 1 + height(inner, above + 1, heights, fault))
  heights.set(node, most)
  return most
}

function all(checks: readonly Check[]): Check {
  return (value, state) => {
    if (--state.steps < 0) throw new OverBudget()
    let ok = true
    for (let index = 0; index < checks.length; index++) {
      if (checks[index]!(value, state)) continue
      if (state.errors === undefined) return false
      ok = false
    }
    return ok
  }
}

function instead(name: string): string {
  const refused = REFUSED.get(name)
  if (refused !== undefined) return refused
  const near = nearest(name, KEYWORDS.keys())
  return near === undefined ? 'leave it out; say what it means in description' : `did you mean ${near}?`
}
