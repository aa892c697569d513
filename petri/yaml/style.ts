import { isMap, isScalar, isSeq, Pair, Scalar, YAMLMap, YAMLSeq, type Node } from 'yaml'
import type { Json } from '../json.js'

const PLAIN = /^[A-Za-z][A-Za-z0-9_-]*$/
/** Plain words that some YAML reader takes for a boolean or null. */
const RESERVED = new Set(['y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null'])
const WIDE = 110

/** A value as nodes in our style: every text that is no plain word quoted, block style from the third key on. */
export function styled(value: Json): Node {
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return list(value)
  if (typeof value === 'object' && value !== null) {
    const map = new YAMLMap()
    for (const [key, inner] of Object.entries(value)) map.items.push(new Pair(quoted(key, true), styled(inner as Json)))
    map.flow = map.items.length <= 2 && map.items.every((pair) => compact(pair.value as Node)) && width(value) <= WIDE
    if (!map.flow) unflow(map)
    return map
  }
  return new Scalar(value)
}

/** A text as a scalar that every YAML reader takes for that text. */
export function quoted(value: string, key = false): Scalar {
  const scalar = new Scalar(value)
  scalar.type = style(value, key)
  return scalar
}

function style(value: string, key: boolean): Scalar.Type {
  if (PLAIN.test(value) && !RESERVED.has(value.toLowerCase())) return 'PLAIN'
  // lines of a prompt or a script are read as lines; whatever a literal block could change is escaped instead
  if (!key && /^[\x21-\x7e][\x20-\x7e\xa0-\ud7ff\n]*$/.test(value) && /\n/.test(value.trimEnd()) && !/[ \t]\n|\n\n$| $/.test(value)) return 'BLOCK_LITERAL'
  return /[^\x20-\x7e\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufefe\uff00-\ufffd]/.test(value) ? 'QUOTE_DOUBLE' : 'QUOTE_SINGLE'
}

function list(value: readonly Json[]): YAMLSeq {
  const seq = new YAMLSeq()
  for (const inner of value) seq.items.push(styled(inner))
  seq.flow = seq.items.every((item) => compact(item as Node)) && width(value) <= WIDE
  if (!seq.flow) unflow(seq)
  return seq
}

/** Can stand inside a flow collection. */
function compact(node: Node): boolean {
  if (isScalar(node)) return node.type !== 'BLOCK_LITERAL'
  return (isMap(node) || isSeq(node)) && (node.flow === true || node.items.length === 0)
}

/** An empty collection has no block style. */
function unflow(node: YAMLMap | YAMLSeq): void {
  node.flow = node.items.length === 0
}

function width(value: Json): number {
  return JSON.stringify(value).length
}
