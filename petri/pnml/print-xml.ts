import { isElement, parseXml, XmlFault, type Xml } from './xml.js'

export const PNML = 'http://www.pnml.org/version-2009/grammar/pnml'

type Scope = ReadonlyMap<string, string>
const XML_URI = 'http://www.w3.org/XML/1998/namespace'

export function escapeText(text: string): string {
  return text.replace(/[&<>\r]/g, (sign) => ESCAPES[sign]!)
}

export function escapeAttribute(text: string): string {
  return text.replace(/[&<>"\t\n\r]/g, (sign) => ESCAPES[sign]!)
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\t': '&#9;', '\n': '&#10;', '\r': '&#13;' }

/** Whether XML 1.0 can carry the text at all. */
export function carriesText(text: string): boolean {
  return !/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text)
}

/**
 * An element as text that says the same inside a PNML document: elements of the file's own namespace (`home`) and of none
 * become PNML's; any other namespace is declared where it is first used.
 */
export function printXml(element: Xml, home: string, scope: Scope = new Map([['', PNML], ['xml', XML_URI]])): string {
  const inner = new Map(scope)
  const declared: string[] = []
  const bind = (prefix: string, uri: string): void => {
    if (inner.get(prefix) === uri) return
    inner.set(prefix, uri)
    declared.push(` xmlns${prefix === '' ? '' : `:${prefix}`}="${escapeAttribute(uri)}"`)
  }
  const ours = element.uri === home || element.uri === '' || element.uri === PNML
  if (ours) bind('', PNML)
  else bind(element.prefix, element.uri)
  const name = ours || element.prefix === '' ? element.name : `${element.prefix}:${element.name}`
  let attributes = ''
  for (const { name: local, prefix, uri, value } of element.attributes) {
    if (prefix === 'xmlns') bind(local, value)
    else if (prefix !== '') bind(prefix, uri)
    if (prefix !== 'xmlns' && !(prefix === '' && local === 'xmlns')) attributes += ` ${prefix === '' ? local : `${prefix}:${local}`}="${escapeAttribute(value)}"`
  }
  const children = element.children.map((child) => {
    if (isElement(child)) return printXml(child, home, inner)
    return typeof child === 'string' ? escapeText(child) : `<!--${child.comment}-->`
  }).join('')
  const head = `<${name}${declared.join('')}${attributes}`
  return children === '' ? `${head}/>` : `${head}>${children}</${name}>`
}

/** The element that a kept text is, or undefined when it is no single well-formed one. */
export function fragmentOf(text: string): Xml | undefined {
  try {
    const { children } = parseXml(`<pnml xmlns="${PNML}">${text}</pnml>`)
    const [only] = children
    return children.length === 1 && only !== undefined && isElement(only) ? only : undefined
  } catch (error) {
    if (error instanceof XmlFault) return undefined
    throw error
  }
}
