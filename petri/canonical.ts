import type { Json } from './json.js'
import { MAX_DEPTH, readJson, TooDeep } from './json-text.js'
import { readValue } from './json-value.js'
import { ParseFault } from './parsed.js'

const MAX_KEYS = 4_096
const keyTexts = new Map<string, string>()
const NEEDS_ESCAPE = /[\u0000-\u001f"\\\ud800-\udfff]/

/** RFC 8785: the one text of a value. Sorted keys, shortest numbers, -0 is 0. Its input is JSON already (see `admit`). */
export function canonicalText(value: Json): string {
  return write(value, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
}

/** The same of a value that a template made, which may have grown: throws Oversize beyond 64 levels or so many characters. */
export function boundedText(value: Json, most: number): string {
  const text = write(value, 1, most)
  if (text.length > most) throw tooLong(most)
  return text
}

export class Oversize extends Error {
  readonly code: 'too-deep' | 'too-large'
  readonly remedy: string

  constructor(code: 'too-deep' | 'too-large', message: string, remedy: string) {
    super(message)
    this.name = 'Oversize'
    this.code = code
    this.remedy = remedy
  }
}

function tooLong(most: number): Oversize {
  return new Oversize('too-large', `a value has more than ${most} characters as canonical JSON`, 'make it smaller: pick what is needed, or emit its parts one by one')
}

function write(value: Json, level: number, most: number): string {
  switch (typeof value) {
    case 'string':
      return quote(value)
    case 'number':
      return value === 0 ? '0' : `${value}`
    case 'boolean':
      return value ? 'true' : 'false'
    default:
      if (value === null) return 'null'
      if (level > MAX_DEPTH) throw new Oversize('too-deep', `a value is nested over ${MAX_DEPTH} levels`, 'flatten it; a token that carries its past grows with each firing')
      return Array.isArray(value) ? listText(value, level, most) : objectText(value as { readonly [key: string]: Json }, level, most)
  }
}

function quote(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`
}

function listText(list: readonly Json[], level: number, most: number): string {
  if (list.length === 0) return '[]'
  let text = ''
  for (let index = 0; index < list.length; index++) {
    text += `${index === 0 ? '[' : ','}${write(list[index]!, level + 1, most)}`
    if (text.length > most) throw tooLong(most)
  }
  return `${text}]`
}

function objectText(object: { readonly [key: string]: Json }, level: number, most: number): string {
  const keys = Object.keys(object)
  if (!inOrder(keys)) keys.sort()
  let text = ''
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index]!
    text += `${index === 0 ? '{' : ','}${keyText(key)}${write(object[key]!, level + 1, most)}`
    if (text.length > most) throw tooLong(most)
  }
  return text === '' ? '{}' : `${text}}`
}

/** Tokens of a place have the same few keys: their texts are kept, as many as fit. */
function keyText(key: string): string {
  const known = keyTexts.get(key)
  if (known !== undefined) return known
  const text = `${quote(key)}:`
  if (keyTexts.size < MAX_KEYS && key.length <= 64) keyTexts.set(key, text)
  return text
}

/** Canonical order is that of UTF-16 units, which is JavaScript's own; `sort()` without a comparator is it too. */
function inOrder(keys: readonly string[]): boolean {
  for (let index = 1; index < keys.length; index++) if (keys[index - 1]! >= keys[index]!) return false
  return true
}

/** The value with sorted keys and without -0. Gives the very value back when it is so already. */
export function canonicalValue(value: Json): Json {
  if (typeof value === 'number') return value === 0 ? 0 : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const list: Json[] = value.map(canonicalValue)
    return list.every((element, index) => Object.is(element, value[index])) ? value : list
  }
  const object = value as { readonly [key: string]: Json }
  const keys = Object.keys(object)
  let same = inOrder(keys)
  if (!same) keys.sort()
  const entries = keys.map((key): [string, Json] => {
    const inner = canonicalValue(object[key]!)
    same &&= Object.is(inner, object[key])
    return [key, inner]
  })
  return same ? value : Object.fromEntries(entries)
}

/** A value from outside, brought to canonical form with its text; or why it is none, and what to do. */
export type Admitted =
  | { readonly ok: true; readonly value: Json; readonly text: string }
  | { readonly ok: false; readonly code: AdmitCode; readonly message: string; readonly remedy: string }

export type AdmitCode = 'not-json' | 'too-deep' | 'too-large'

const MEBIBYTE = 1_048_576

/** Takes a JavaScript value as JSON: refuses what I-JSON cannot say, 65 levels, more than `maxBytes` of canonical text. */
export function admit(value: unknown, maxBytes: number = MEBIBYTE): Admitted {
  return admitted(() => readValue(value), maxBytes, () => '')
}

/**
 * Takes JSON text, strictly: duplicate keys and numbers that a double would change are refused, not repaired.
 * `around`: levels of an envelope about the value, which do not count.
 */
export function admitText(text: string, maxBytes: number = MEBIBYTE, around = 0): Admitted {
  if (text.length > maxBytes * 6 + 1024) return tooLarge(`over ${maxBytes} bytes`, maxBytes)
  return admitted(() => readJson(text, around), maxBytes, (fault) => ` (at character ${fault.offset + 1})`)
}

function admitted(read: () => Json, maxBytes: number, where: (fault: ParseFault) => string): Admitted {
  try {
    return measured(read(), maxBytes)
  } catch (error) {
    if (!(error instanceof ParseFault)) throw error
    return { ok: false, code: error instanceof TooDeep ? 'too-deep' : 'not-json', message: `${error.message}${where(error)}`, remedy: error.remedy }
  }
}

function measured(value: Json, maxBytes: number): Admitted {
  const text = canonicalText(value)
  const bytes = utf8Length(text)
  return bytes > maxBytes ? tooLarge(`${bytes} bytes`, maxBytes) : { ok: true, value, text }
}

function tooLarge(size: string, maxBytes: number): Admitted {
  return {
    ok: false,
    code: 'too-large',
    message: `the value is ${size} as canonical JSON, and ${maxBytes} are allowed`,
    remedy: 'send less, keep the bulk outside and send where it is, or raise maxBytes of the place',
  }
}

/** Bytes that a text takes in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) continue
    bytes += unit < 0x800 ? 1 : 2
    // a pair is four bytes in all
    if (unit >= 0xd800 && unit <= 0xdbff) index++
  }
  return bytes
}
