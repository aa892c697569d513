import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { admit, admitText } from '../petri/canonical.js'
import type { Json } from '../petri/json.js'

export type Read = { readonly ok: true, readonly value: Json } | { readonly ok: false, readonly message: string }

const MOST = 8 * 1024 * 1024

const xml = new XMLParser({
  ignoreAttributes: false, attributeNamePrefix: '@', textNodeName: '#text', parseTagValue: false, parseAttributeValue: false,
  trimValues: true, processEntities: false, ignoreDeclaration: true, ignorePiTags: true,
})

/** Why a text is not of a form. Asked of the masked text: a message may show a part of it, which no mask would know. */
export function unread(form: 'json' | 'lines' | 'xml', masked: string): string {
  const read = parseOutput(form, masked)
  return read.ok ? 'something in it is masked' : read.message
}

/** What `parse` adds to a result as `value`. XML: attributes as `@name`, text as `#text`, all values text, no entities of its own. */
export function parseOutput(form: 'json' | 'lines' | 'xml', text: string): Read {
  if (form === 'lines') {
    const lines = text.split(/\r?\n/)
    if (lines.at(-1) === '') lines.pop()
    return { ok: true, value: lines }
  }
  if (form === 'json') {
    const read = admitText(text, MOST)
    return read.ok ? { ok: true, value: read.value } : { ok: false, message: read.message }
  }
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) return { ok: false, message: 'XML with a document type is not read' }
  const verdict = XMLValidator.validate(text)
  if (verdict !== true) return { ok: false, message: `line ${verdict.err.line}: ${verdict.err.msg}` }
  try {
    const read = admit(unescape(xml.parse(text)), MOST)
    return read.ok ? { ok: true, value: read.value } : { ok: false, message: read.message }
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) }
  }
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: '\'' }

/** The five entities that XML itself has, and numbered characters. */
function unescape(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
      return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : '\ufffd'
    })
  }
  if (Array.isArray(value)) return value.map(unescape)
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unescape(inner)]))
  return value
}
