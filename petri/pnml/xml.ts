import { SaxesParser } from 'saxes'
import type { FaultCode } from '../fault-code.js'
import type { Position } from '../finding.js'

/** An element with its namespace resolved. */
export interface Xml {
  readonly name: string
  readonly prefix: string
  readonly uri: string
  readonly attributes: readonly Attribute[]
  readonly children: (Xml | string | Comment)[]
  readonly at: Position
}

export interface Attribute {
  readonly name: string
  readonly prefix: string
  readonly uri: string
  readonly value: string
}

export interface Comment {
  readonly comment: string
}

/** Why a text is no XML that we read. */
export class XmlFault extends Error {
  readonly code: FaultCode
  readonly remedy: string
  readonly at: Position

  constructor(code: FaultCode, message: string, remedy: string, at: Position) {
    super(message)
    this.code = code
    this.remedy = remedy
    this.at = at
  }
}

const MAX_DEPTH = 200
const MAX_ELEMENTS = 500_000

/** The root element of a well-formed document without DOCTYPE; throws XmlFault. */
export function parseXml(text: string): Xml {
  const parser = new SaxesParser({ xmlns: true, position: true })
  const open: Xml[] = []
  let root: Xml | undefined
  let start: Position = { line: 1, column: 1 }
  let elements = 0
  const here = (): Position => ({ line: parser.line, column: parser.columnIndex + 1 })
  parser.on('error', (error) => {
    throw new XmlFault('xml-syntax', error.message.replace(/^\d+:\d+: /, '').replace(/\.$/, ''), 'write well-formed XML', here())
  })
  parser.on('doctype', () => {
    throw new XmlFault('doctype-refused', 'the file has a DOCTYPE', 'leave it out: no entity and no DTD is ever read', here())
  })
  parser.on('opentagstart', (tag) => {
    start = { line: parser.line, column: Math.max(1, parser.columnIndex - tag.name.length - 1) }
  })
  parser.on('opentag', (tag) => {
    if (++elements > MAX_ELEMENTS) throw new XmlFault('too-large', `the file has over ${MAX_ELEMENTS} elements`, 'split it into several nets', start)
    if (open.length >= MAX_DEPTH) throw new XmlFault('too-deep', `elements are nested over ${MAX_DEPTH} levels`, 'flatten the pages', start)
    const attributes = Object.values(tag.attributes).map(({ local, prefix, uri, value }) => ({ name: local, prefix, uri, value }))
    const element: Xml = { name: tag.local, prefix: tag.prefix, uri: tag.uri, attributes, children: [], at: start }
    open.at(-1)?.children.push(element)
    root ??= element
    open.push(element)
  })
  parser.on('closetag', () => void open.pop())
  parser.on('text', (value) => void open.at(-1)?.children.push(value))
  parser.on('cdata', (value) => void open.at(-1)?.children.push(value))
  parser.on('comment', (comment) => void open.at(-1)?.children.push({ comment }))
  parser.write(text).close()
  if (!root) throw new XmlFault('xml-syntax', 'the file has no element', 'write a pnml element', start)
  return root
}

export function isElement(child: Xml | string | Comment): child is Xml {
  return typeof child === 'object' && 'children' in child
}

/** The text that lies directly in an element. */
export function textOf(element: Xml): string {
  return element.children.filter((child) => typeof child === 'string').join('')
}

export function attribute(element: Xml, name: string): string | undefined {
  return element.attributes.find((found) => found.name === name && found.prefix === '')?.value
}
