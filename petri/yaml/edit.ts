import { isMap, isScalar, isSeq, Pair, type Node, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml'
import type { Json, JsonObject } from '../json.js'
import { isObject } from '../json.js'
import { sameJson } from './same.js'
import { quoted, styled } from './style.js'

/** The node that says `after` where `node` said `before`: untouched where both are equal, so comments and styles stay. */
export function edit(node: Node | null, before: Json | undefined, after: Json): Node {
  if (node === null || before === undefined) return styled(after)
  if (sameJson(before, after)) return node
  if (isMap<Scalar<string>, Node | null>(node) && isObject(before) && isObject(after)) return editMap(node, before, after)
  if (isSeq<Node | null>(node) && Array.isArray(before) && Array.isArray(after)) return editSeq(node, before, after)
  return replace(node, after)
}

function editMap(node: YAMLMap<Scalar<string>, Node | null>, before: JsonObject, after: JsonObject): Node {
  const pairs = new Map(node.items.map((pair) => [String(pair.key.value), pair]))
  node.items = Object.entries(after).map(([key, value]) => {
    const pair = pairs.get(key)
    if (!pair) return new Pair(quoted(key, true), styled(value)) as Pair<Scalar<string>, Node | null>
    pair.value = edit(pair.value, Object.hasOwn(before, key) ? before[key] : undefined, value)
    return pair
  })
  if (node.items.some((pair) => blocky(pair.value))) node.flow = false
  return node
}

/** Items that are equal at both ends stay; those between are edited one by one. */
function editSeq(node: YAMLSeq<Node | null>, before: readonly Json[], after: readonly Json[]): Node {
  let head = 0
  while (head < before.length && head < after.length && sameJson(before[head], after[head])) head++
  let tail = 0
  while (tail < before.length - head && tail < after.length - head && sameJson(before[before.length - 1 - tail], after[after.length - 1 - tail])) tail++
  const middle = after.slice(head, after.length - tail).map((value, index) => {
    const at = head + index
    return at < before.length - tail ? edit(node.items[at] ?? null, before[at], value) : styled(value)
  })
  node.items = [...node.items.slice(0, head), ...middle, ...node.items.slice(before.length - tail)]
  if (node.items.some(blocky)) node.flow = false
  return node
}

function replace(node: Node, after: Json): Node {
  const next = styled(after)
  if (isScalar(node) && isScalar(next) && node.type !== undefined && keepsStyle(node, after)) next.type = node.type
  if (node.comment != null) next.comment = node.comment
  if (node.commentBefore != null) next.commentBefore = node.commentBefore
  if (node.spaceBefore === true) next.spaceBefore = true
  return next
}

/** A quoted text stays quoted, and a block stays a block. */
function keepsStyle(node: Scalar, after: Json): boolean {
  if (typeof node.value !== 'string' || typeof after !== 'string') return false
  return node.type === 'QUOTE_SINGLE' ? /^[\x20-\x7e]*$/.test(after) : node.type === 'QUOTE_DOUBLE'
}

/** Cannot stand inside a flow collection. */
function blocky(node: Node | null): boolean {
  if (isScalar(node)) return node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED'
  return (isMap(node) || isSeq(node)) && node.flow !== true && node.items.length > 0
}
