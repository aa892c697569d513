import { isObject, type Json, type JsonObject } from '../json.js'
import { fill, parseTemplate, type Roots, type Template } from '../template.js'
import { fillPiece, pieces, textOf, type Piece } from './pieces.js'
import type { HttpRequest, SealedText } from './request.js'
import { RequestFault } from './request-fault.js'
import { urlBuilder } from './url.js'

const HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** How the request of a checked http action is made of roots; templates are parsed once. */
export function httpRequest(action: JsonObject): (roots: Roots) => HttpRequest {
  const url = urlBuilder(String(action['url']))
  const headers = sealedFields(action['headers'])
  const query = sealedFields(action['query'])
  const form = action['form'] === undefined ? undefined : sealedFields(action['form'])
  const json = action['json'] === undefined ? undefined : template(action['json'])
  const text = action['text'] === undefined ? undefined : template(action['text'])
  const fixed = {
    kind: 'http' as const,
    method: String(action['method']),
    expect: (action['expect'] as string[]).map(String),
    maxBytes: action['maxBytes'] as number,
    ...(action['parse'] === undefined ? {} : { parse: action['parse'] as 'json' | 'lines' | 'xml' }),
  }
  return (roots) => ({
    ...fixed,
    url: url(roots),
    headers: headersOf(headers(roots)),
    query: query(roots),
    ...(form === undefined ? {} : { form: form(roots) }),
    ...(json === undefined ? {} : { json: fill(json, roots) }),
    ...(text === undefined ? {} : { text: textOf(fill(text, roots)) }),
  })
}

function template(value: Json): Template {
  const parsed = parseTemplate(value)
  if (!parsed.ok) throw new RequestFault('template-error', parsed.message)
  return parsed.value
}

type Field = (roots: Roots) => SealedText[]

/** name -> text, number, true, false or a list of those; a null leaves the field out, a list repeats it. */
function sealedFields(fields: Json | undefined): (roots: Roots) => [string, SealedText][] {
  const entries = Object.entries(isObject(fields) ? fields : {}).map(([name, value]): [string, Field] => {
    const values = (Array.isArray(value) ? (value as readonly Json[]) : [value]).map(field)
    return [name, (roots) => values.flatMap((one) => one(roots))]
  })
  return (roots) => entries.flatMap(([name, values]) => values(roots).map((value): [string, SealedText] => [name, value]))
}

function field(value: Json): Field {
  if (typeof value !== 'string') return () => (value === null ? [] : [textOf(value)])
  const parts = pieces(value)
  if (parts.some((part) => part.form === 'credential')) return (roots) => [{ parts: parts.map((part) => sealedPart(part, roots)) }]
  const filled = template(value)
  return (roots) => texts(fill(filled, roots))
}

function texts(value: Json): string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(texts)
  return value === null ? [] : [textOf(value)]
}

function sealedPart(part: Piece, roots: Roots): string | { credential: string; base64: boolean } {
  return part.form === 'credential' ? { credential: part.credential, base64: part.base64 } : fillPiece(part, roots)
}

function headersOf(entries: readonly [string, SealedText][]): Record<string, SealedText> {
  const headers: [string, SealedText][] = []
  const seen = new Set<string>()
  for (const [name, value] of entries) {
    if (!HEADER.test(name)) throw new RequestFault('bad-header', `"${name}" is no name of a header`)
    if (seen.has(name.toLowerCase())) throw new RequestFault('bad-header', `the header ${name} is given twice: join its values with commas`)
    seen.add(name.toLowerCase())
    const parts = typeof value === 'string' ? [value] : value.parts.filter((part) => typeof part === 'string')
    if (parts.some((part) => /[\r\n\0]/.test(part))) throw new RequestFault('bad-header', `the value of the header ${name} holds a line end`)
    headers.push([name, value])
  }
  return Object.fromEntries(headers)
}
