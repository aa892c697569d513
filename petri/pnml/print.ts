import type { JsonObject } from '../json.js'
import { escapeAttribute, escapeText, PNML } from './print-xml.js'
import type { Arc, Label, Node, Page, Reference, Skeleton } from './skeleton.js'

/** A skeleton as an ISO/IEC 15909-2 document. */
export function printSkeleton(net: Skeleton): string {
  const out: string[] = ['<?xml version="1.0" encoding="UTF-8"?>', `<pnml xmlns="${PNML}">`]
  out.push(`  <net id="${escapeAttribute(net.id)}" type="http://www.pnml.org/version-2009/grammar/ptnet">`)
  out.push(...label('name', net.name, '    '))
  for (const page of net.pages) if (page.in === undefined) printPage(out, net, page, '    ')
  out.push(...tool(net.own, '    '), ...raw(net.xml, '    '), '  </net>', '</pnml>', '')
  return out.join('\n')
}

function printPage(out: string[], net: Skeleton, page: Page, indent: string): void {
  const deeper = `${indent}  `
  out.push(`${indent}<page id="${escapeAttribute(page.id)}">`, ...label('name', page.name, deeper))
  for (const node of net.nodes) if (node.page === page.id) printNode(out, node, deeper)
  for (const reference of net.references) if (reference.page === page.id) printReference(out, reference, deeper)
  for (const arc of net.arcs) if (arc.page === page.id) printArc(out, arc, deeper)
  for (const inner of net.pages) if (inner.in === page.id) printPage(out, net, inner, deeper)
  out.push(...raw(page.xml, deeper), `${indent}</page>`)
}

function printNode(out: string[], node: Node, indent: string): void {
  const body = [...label('name', node.name, `${indent}  `), ...graphics(node.position, node.graphics, `${indent}  `)]
  if (node.marking) body.push(...label('initialMarking', { text: String(node.marking.count), extra: node.marking.extra }, `${indent}  `))
  element(out, `${node.kind} id="${escapeAttribute(node.id)}"`, node.kind, [...body, ...tool(node.own, `${indent}  `), ...raw(node.xml, `${indent}  `)], indent)
}

function printReference(out: string[], node: Reference, indent: string): void {
  const tag = node.kind === 'place' ? 'referencePlace' : 'referenceTransition'
  const body = [...label('name', node.name, `${indent}  `), ...graphics(undefined, node.graphics, `${indent}  `), ...raw(node.xml, `${indent}  `)]
  element(out, `${tag} id="${escapeAttribute(node.id)}" ref="${escapeAttribute(node.ref)}"`, tag, body, indent)
}

function printArc(out: string[], arc: Arc, indent: string): void {
  const body = [...label('name', arc.name, `${indent}  `), ...graphics(undefined, arc.graphics, `${indent}  `)]
  if (arc.weight !== 1 || arc.inscription.length > 0) body.push(...label('inscription', { text: String(arc.weight), extra: arc.inscription }, `${indent}  `))
  const head = `arc id="${escapeAttribute(arc.id)}" source="${escapeAttribute(arc.source)}" target="${escapeAttribute(arc.target)}"`
  element(out, head, 'arc', [...body, ...tool(arc.own, `${indent}  `), ...raw(arc.xml, `${indent}  `)], indent)
}

function element(out: string[], head: string, tag: string, body: readonly string[], indent: string): void {
  if (body.length === 0) out.push(`${indent}<${head}/>`)
  else out.push(`${indent}<${head}>`, ...body, `${indent}</${tag}>`)
}

function label(tag: string, value: Label | undefined, indent: string): string[] {
  if (!value) return []
  const text = `<text>${escapeText(value.text)}</text>`
  if (value.extra.length === 0) return [`${indent}<${tag}>${text}</${tag}>`]
  return [`${indent}<${tag}>`, `${indent}  ${text}`, ...raw(value.extra, `${indent}  `), `${indent}</${tag}>`]
}

function graphics(position: readonly [number, number] | undefined, rest: readonly string[], indent: string): string[] {
  if (!position && rest.length === 0) return []
  const own = position ? [`${indent}  <position x="${position[0]}" y="${position[1]}"/>`] : []
  return [`${indent}<graphics>`, ...own, ...raw(rest, `${indent}  `), `${indent}</graphics>`]
}

function tool(own: JsonObject | undefined, indent: string): string[] {
  return own ? [`${indent}<toolspecific tool="agenticos" version="1">${escapeText(safeJson(own))}</toolspecific>`] : []
}

/** JSON text in which every character is one that XML 1.0 has. */
function safeJson(value: JsonObject): string {
  return JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029\ufffe\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function raw(fragments: readonly string[], indent: string): string[] {
  return fragments.map((fragment) => `${indent}${fragment}`)
}
