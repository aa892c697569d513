import type { Json } from '../petri/json.js'

const STARS = '***'
/** Shorter values would blank out half of every text: they are refused as credentials. */
export const MIN_SECRET = 4
const MIN_PART = 8

/** Replaces credential values, in every writing that output is likely to hold them in, by `***`. */
export class Mask {
  readonly #pattern: RegExp | undefined
  /** longest writing: that much more than the limit must be captured, so that a cut never leaves half a secret */
  readonly reach: number

  constructor(values: readonly string[]) {
    const writings = [...new Set(values.flatMap(writingsOf))].sort((a, b) => b.length - a.length)
    this.reach = writings[0]?.length ?? 0
    if (writings.length > 0) this.#pattern = new RegExp(writings.map((text) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')).join('|'), 'g')
  }

  text(text: string): string {
    return this.#pattern === undefined ? text : text.replace(this.#pattern, STARS)
  }

  /** Of a text that was cut off at its end: what may be the beginning of a value there goes too. */
  head(text: string): string {
    if (this.#pattern === undefined) return text
    const end = text.length - this.reach
    let masked = ''
    let from = 0
    for (const match of text.matchAll(this.#pattern)) {
      if (match.index >= end) break
      masked += text.slice(from, match.index) + STARS
      from = match.index + match[0].length
    }
    return masked + text.slice(from, Math.max(from, end))
  }

  /** Keys and numbers too. */
  json(value: Json): Json {
    if (this.#pattern === undefined) return value
    if (typeof value === 'string') return this.text(value)
    if (typeof value === 'number') return this.text(String(value)) === String(value) ? value : STARS
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map((element: Json) => this.json(element))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [this.text(key), this.json(inner as Json)]))
  }
}

function writingsOf(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8')
  const uri = encodeURIComponent(value)
  const parts = value.split(/\r?\n/).map((line) => line.trim()).filter((line) => line.length >= MIN_PART)
  const plain = [value, value.trim(), ...(parts.length > 1 ? parts : [])]
  const written = [
    ...plain.map((text) => JSON.stringify(text).slice(1, -1)),
    JSON.stringify(value).slice(1, -1).replaceAll('/', '\\/'),
    uri, uri.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()), uri.replaceAll('%20', '+'), encodeURI(value),
    new URLSearchParams({ '': value }).toString().slice(1),
    value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
    bytes.toString('hex'), bytes.toString('hex').toUpperCase(),
    ...base64Writings(bytes),
  ]
  return [...plain, ...written].filter((text) => text.length >= MIN_SECRET)
}

/** Base64 of a text that holds the value anywhere: three alignments, without the characters that its neighbours share. */
function base64Writings(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64').replace(/=+$/, '')
    const from = [0, 2, 3][offset]!
    const to = Math.floor(((bytes.length + offset) * 8) / 6)
    const core = encoded.slice(from, to)
    return core.length < 6 ? [] : [core, core.replaceAll('+', '-').replaceAll('/', '_')]
  })
}
