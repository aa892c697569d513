import { Document, isMap, type YAMLMap, type Pair, type Scalar } from 'yaml'
import type { Json, JsonObject } from '../json.js'
import { isObject, own } from '../json.js'
import type { AnyFile } from '../language.js'
import { edit } from './edit.js'
import { sameJson } from './same.js'
import { parseYaml } from './parse.js'
import { splice } from './splice.js'
import { styled } from './style.js'
import { treeOf } from './tree.js'

const LAYOUT = { flowCollectionPadding: false, lineWidth: 0, indentSeq: true } as const
/** Tables that stay in block style however few their keys: a line a place makes the better diff. */
const BLOCKS = new Set(['places', 'transitions', 'limits', 'layout', 'foreign'])

/** A file of the language as YAML. With the text it came from, its comments, order and styles are kept where the value is the same. */
export function writeYaml(value: AnyFile, previousText?: string): string {
  return (previousText === undefined ? undefined : rewrite(value as Json, previousText)) ?? fresh(value as JsonObject)
}

function fresh(value: JsonObject): string {
  const doc = new Document(null, { version: '1.2', schema: 'core' })
  const root = styled(value) as YAMLMap
  root.flow = false
  for (const pair of root.items as Pair<Scalar, unknown>[]) {
    if (BLOCKS.has(String(pair.key.value)) && isMap(pair.value) && pair.value.items.length > 0) pair.value.flow = false
  }
  doc.contents = root as never
  const kind = own(value, 'kind')
  if (typeof kind === 'string') doc.commentBefore = ` yaml-language-server: $schema=../../schemas/${kind.toLowerCase()}.schema.json`
  return doc.toString(LAYOUT).replace(/^(# yaml-language-server:[^\n]*\n)\n/, '$1')
}

/** The previous text with only what differs replaced; undefined when that text cannot carry the value. */
function rewrite(value: Json, previousText: string): string | undefined {
  const bom = previousText.startsWith('\uFEFF')
  const { doc, faults } = parseYaml(bom ? previousText.slice(1) : previousText)
  if (!doc || faults.length > 0 || !isObject(value)) return undefined
  const tree = treeOf(doc)
  if (tree.value === undefined) return undefined
  if (sameJson(tree.value, value)) return previousText
  const normal = doc.toString(LAYOUT)
  doc.contents = edit(doc.contents, tree.value, value) as never
  const edited = doc.toString(LAYOUT)
  const original = previousText.replace(/^\uFEFF/, '').split(/\r?\n/)
  const spliced = splice(original, normal.split('\n'), edited.split('\n')).join(previousText.includes('\r\n') ? '\r\n' : '\n')
  // lines of two indentations may not fit together; an edit under an anchor changes what its aliases say
  return [spliced, edited].filter((text) => says(text, value)).map((text) => (bom ? `\uFEFF${text}` : text))[0]
}

function says(text: string, value: Json): boolean {
  const { doc, faults } = parseYaml(text)
  return doc !== undefined && faults.length === 0 && sameJson(treeOf(doc).value, value)
}

