import { isAlias, isMap, isScalar, isSeq, type Document, type Node, type Pair, type Scalar } from 'yaml'
import type { FaultCode } from '../fault-code.js'
import type { Json } from '../json.js'
import { exactNumber } from './number.js'

/** Where a value stands in the text (offset), and what lies in it. */
export interface Spot {
  readonly at: number
  readonly inner: Map<string | number, Spot>
}

/** What is wrong with a document as data, at an offset. */
export interface TreeFault {
  readonly code: FaultCode
  readonly message: string
  readonly remedy: string
  readonly offset: number
}

export interface Tree {
  readonly value: Json | undefined
  readonly spot: Spot
  readonly faults: readonly TreeFault[]
}

const MAX_LEVELS = 100
const MAX_ALIASED = 100_000

/** A parsed YAML document as JSON with offsets: no NaN, no rounded number, no duplicate key, aliases only in measure. */
export function treeOf(doc: Document.Parsed): Tree {
  const walk: Walk = { faults: [], anchors: new Map(), open: new Set(), aliased: 0, inAlias: 0 }
  const spot: Spot = { at: 0, inner: new Map() }
  const value = doc.contents === null ? null : convert(walk, doc.contents, spot, 1)
  return { value: walk.faults.length > 0 ? undefined : value, spot, faults: walk.faults }
}

interface Walk {
  readonly faults: TreeFault[]
  readonly anchors: Map<string, Node>
  /** nodes that are being converted: an alias to one of them is a cycle */
  readonly open: Set<Node>
  aliased: number
  inAlias: number
}

function fault(walk: Walk, node: Node | undefined, code: FaultCode, message: string, remedy: string): null {
  if (walk.faults.length < 100) walk.faults.push({ code, message, remedy, offset: node?.range?.[0] ?? 0 })
  return null
}

function convert(walk: Walk, node: Node, spot: Spot, level: number): Json {
  if (isAlias(node)) return alias(walk, node.source, node, spot, level)
  if (walk.inAlias > 0 && ++walk.aliased > MAX_ALIASED) {
    if (walk.aliased > MAX_ALIASED + 1) return null
    return fault(walk, node, 'alias-bomb', `aliases unfold to over ${MAX_ALIASED} values`, 'write the values out, or use params')
  }
  if (level > MAX_LEVELS) return fault(walk, node, 'too-deep', `it is nested over ${MAX_LEVELS} levels`, 'flatten it')
  if (isScalar(node)) return remember(walk, node), scalar(walk, node)
  walk.open.add(node)
  remember(walk, node as Node & { anchor?: string })
  const value = isMap<Node, Node | null>(node) ? map(walk, node.items, spot, level) : isSeq<Node>(node) ? seq(walk, node.items, spot, level) : null
  walk.open.delete(node)
  return value
}

function remember(walk: Walk, node: Node & { anchor?: string }): void {
  if (node.anchor !== undefined) walk.anchors.set(node.anchor, node)
}

function alias(walk: Walk, name: string, node: Node, spot: Spot, level: number): Json {
  const target = walk.anchors.get(name)
  if (!target) return fault(walk, node, 'yaml-syntax', `the alias *${name} has no anchor before it`, `write &${name} at the value, or write the value out`)
  if (walk.open.has(target)) return fault(walk, node, 'alias-bomb', `the alias *${name} contains itself`, 'write the value out')
  walk.inAlias++
  const value = convert(walk, target, spot, level)
  walk.inAlias--
  return value
}

function scalar(walk: Walk, node: Scalar): Json {
  const value: unknown = node.value
  if (typeof value === 'number' || typeof value === 'bigint') {
    const exact = exactNumber(node.source ?? String(value))
    if (exact !== undefined) return exact
    const shown = (node.source ?? String(value)).slice(0, 40)
    return fault(walk, node, 'number-not-exact', `the number ${shown} is not one that a double carries unchanged`, 'send it as text: put it in quotes')
  }
  if (typeof value === 'string') return text(walk, node, value)
  if (value === null || typeof value === 'boolean') return value
  return fault(walk, node, 'custom-tag', `the tag ${node.tag ?? ''} is not one of YAML 1.2 core`, 'leave the tag out')
}

function text(walk: Walk, node: Node, value: string): string | null {
  if (value.includes('\0')) return fault(walk, node, 'bad-text', 'a text holds U+0000', 'leave the character out, or send the bytes as base64')
  if (/\p{Surrogate}/u.test(value)) return fault(walk, node, 'bad-text', 'a text holds half of a surrogate pair', 'send well-formed Unicode')
  return value
}

function map(walk: Walk, pairs: readonly Pair<Node, Node | null>[], spot: Spot, level: number): Json {
  const entries: [string, Json][] = []
  const seen = new Set<string>()
  for (const { key, value } of pairs) {
    if (!isScalar(key) || typeof key.value !== 'string') {
      fault(walk, key ?? undefined, 'yaml-syntax', 'a key is not a plain text', 'write a name before the colon')
      continue
    }
    const name = text(walk, key, key.value)
    if (name === null) continue
    if (seen.has(name)) fault(walk, key, 'duplicate-key', `the key "${name}" stands twice`, 'keep one of the two')
    seen.add(name)
    const inner: Spot = { at: key.range?.[0] ?? spot.at, inner: new Map() }
    spot.inner.set(name, inner)
    entries.push([name, value === null ? null : convert(walk, value, inner, level + 1)])
  }
  return Object.fromEntries(entries)
}

function seq(walk: Walk, items: readonly Node[], spot: Spot, level: number): Json {
  return items.map((item, index) => {
    const inner: Spot = { at: item?.range?.[0] ?? spot.at, inner: new Map() }
    spot.inner.set(index, inner)
    return item === null || item === undefined ? null : convert(walk, item, inner, level + 1)
  })
}
