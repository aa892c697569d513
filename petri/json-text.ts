import type { Json } from './json.js'
import { ParseFault } from './parsed.js'

/** Levels of nesting that a value may have: `[[1]]` has two. */
export const MAX_DEPTH = 64
/** No double needs more digits than this, and ever longer ones would cost ever more. */
const MAX_NUMBER = 1_000

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const PLAIN = /[^"\\\u0000-\u001f]*/y
const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

export class TooDeep extends ParseFault {}

/** Reads a whole text as I-JSON, strictly (see LANGUAGE, Tokens). Objects come with sorted keys. Throws ParseFault. */
export function readJson(text: string, around = 0): Json {
  const reader = new JsonReader(text, 0)
  const value = reader.value(1 - around)
  reader.space()
  if (reader.at < text.length) throw new ParseFault(`there is ${shown(text, reader.at)} after the JSON value`, 'send one JSON value', reader.at)
  return value
}

/** Reads JSON from the middle of a text: the literals of ArcQL and templates are JSON too. */
export class JsonReader {
  readonly text: string
  at: number

  constructor(text: string, at: number) {
    this.text = text
    this.at = at
  }

  space(): void {
    for (;;) {
      const unit = this.text.charCodeAt(this.at)
      if (unit !== 32 && unit !== 10 && unit !== 13 && unit !== 9) return
      this.at++
    }
  }

  value(level: number): Json {
    this.space()
    switch (this.text[this.at]) {
      case '{':
        return this.object(level)
      case '[':
        return this.list(level)
      case '"':
        return this.string()
      case 't':
        return this.word('true', true)
      case 'f':
        return this.word('false', false)
      case 'n':
        return this.word('null', null)
      default:
        return this.number()
    }
  }

  string(): string {
    const start = this.at++
    let out = ''
    for (;;) {
      PLAIN.lastIndex = this.at
      PLAIN.test(this.text)
      out += this.text.slice(this.at, PLAIN.lastIndex)
      this.at = PLAIN.lastIndex
      const unit = this.text[this.at]
      if (unit === '"') break
      if (unit === undefined) throw new ParseFault('a text is not closed', 'end it with a double quote', start)
      if (unit !== '\\') throw new ParseFault(`a text holds the control character ${codePoint(unit)}`, 'write it as an escape, such as \\n or \\t', this.at)
      out += this.escape()
    }
    this.at++
    if (out.includes('\0')) throw new ParseFault('a text holds U+0000', 'leave the character out, or send the bytes as base64', start)
    if (!out.isWellFormed()) throw new ParseFault('a text holds half of a surrogate pair', 'send well-formed Unicode, or the bytes as base64', start)
    return out
  }

  number(): number {
    const start = this.at
    NUMBER.lastIndex = start
    const literal = NUMBER.exec(this.text)?.[0]
    if (literal === undefined) throw this.unexpected()
    const end = start + literal.length
    if (/[\w.+]/.test(this.text[end] ?? '')) throw new ParseFault(`${this.text.slice(start, end + 1)} is no JSON number`, 'write it as -12, 0.5 or 1e9', start)
    if (literal.length > MAX_NUMBER) throw new ParseFault(`a number has over ${MAX_NUMBER} characters`, 'send it as text', start)
    const value = Number(literal)
    if (!carries(literal, value)) {
      throw new ParseFault(`the number ${literal.length > 40 ? `${literal.slice(0, 40)}...` : literal} would change in a double`, 'send it as text', start)
    }
    this.at = end
    return value === 0 ? 0 : value
  }

  private object(level: number): Json {
    const start = this.at++
    this.deep(level, start)
    const entries: [string, Json][] = []
    const keys = new Set<string>()
    this.space()
    if (this.text[this.at] === '}') return this.at++, {}
    let sorted = true
    for (;;) {
      this.space()
      if (this.text[this.at] !== '"') throw this.unexpected('a key in double quotes')
      const keyAt = this.at
      const key = this.string()
      if (keys.has(key)) throw new ParseFault(`the key ${JSON.stringify(key)} stands twice`, 'keep one of the two', keyAt)
      keys.add(key)
      this.space()
      if (this.text[this.at] !== ':') throw this.unexpected('a colon')
      this.at++
      if (entries.length > 0 && entries[entries.length - 1]![0] > key) sorted = false
      entries.push([key, this.value(level + 1)])
      if (!this.more('}')) break
    }
    if (!sorted) entries.sort((a, b) => (a[0] < b[0] ? -1 : 1))
    return Object.fromEntries(entries)
  }

  private list(level: number): Json {
    const start = this.at++
    this.deep(level, start)
    const out: Json[] = []
    this.space()
    if (this.text[this.at] === ']') return this.at++, out
    do out.push(this.value(level + 1))
    while (this.more(']'))
    return out
  }

  private more(close: string): boolean {
    this.space()
    const unit = this.text[this.at]
    if (unit !== ',' && unit !== close) throw this.unexpected(`a comma or ${close}`)
    this.at++
    return unit === ','
  }

  private escape(): string {
    const letter = this.text[this.at + 1] ?? ''
    if (letter === 'u') {
      const digits = this.text.slice(this.at + 2, this.at + 6)
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new ParseFault('\\u is not followed by four hexadecimal digits', 'write it as \\u00e9', this.at)
      this.at += 6
      return String.fromCharCode(Number.parseInt(digits, 16))
    }
    if (letter === '' || !Object.hasOwn(ESCAPES, letter)) throw new ParseFault(`\\${letter} is no JSON escape`, 'a backslash itself is written \\\\', this.at)
    this.at += 2
    return ESCAPES[letter]!
  }

  private word<T extends Json>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at) || /\w/.test(this.text[this.at + word.length] ?? '')) throw this.unexpected()
    this.at += word.length
    return value
  }

  private deep(level: number, at: number): void {
    if (level > MAX_DEPTH) throw new TooDeep(`the value is nested over ${MAX_DEPTH} levels`, 'flatten the value', at)
  }

  private unexpected(wanted = 'a JSON value'): ParseFault {
    return new ParseFault(`${shown(this.text, this.at)} stands where ${wanted} is expected`, 'texts stand in double quotes, numbers, true, false and null bare', this.at)
  }
}

/** What stands at a place, as an error names it. */
export function shown(text: string, at: number): string {
  if (at >= text.length) return 'the end'
  const word = /^[\p{L}\p{N}_$]{1,30}/u.exec(text.slice(at, at + 60))?.[0] ?? String.fromCodePoint(text.codePointAt(at)!)
  return /^[\u0000-\u0020\u007f]/.test(word) ? codePoint(word) : JSON.stringify(word)
}

function codePoint(unit: string): string {
  return `U+${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
}

/** Whether a double says the same number: its shortest digits and exponent equal those of the literal. */
function carries(literal: string, value: number): boolean {
  if (literal.length <= 15 && !/[eE]/.test(literal)) return true
  if (!Number.isFinite(value)) return false
  return decimal(literal) === decimal(`${value}`)
}

/** Digits without zeros at either end, and the power of ten of the last one. */
function decimal(literal: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal)!
  const fraction = parts[3] ?? ''
  const digits = `${parts[2]!}${fraction}`.replace(/^0+/, '')
  if (digits === '') return '0'
  const bare = digits.replace(/0+$/, '')
  return `${parts[1]!}${bare}e${Number(parts[4] ?? '0') - fraction.length + (digits.length - bare.length)}`
}
