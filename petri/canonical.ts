import type { Json } from './json.js'
import { MAX_DEPTH, readJson } from './json-text.js'
import { attempt } from './parsed.js'

const NEEDS_ESCAPE = /[\u0000-\u001f"\\\ud800-\udfff]/

/** RFC 8785: the one text of a value. Sorted keys, shortest numbers, -0 is 0. Its input is JSON already (see `admit`). */
export function canonicalText(value: Json): string {
  switch (typeof value) {
    case 'string':
      return quote(value)
    case 'number':
      return value === 0 ? '0' : `${value}`
    case 'boolean':
      return value ? 'true' : 'false'
    default:
      if (value === null) return 'null'
      return Array.isArray(value) ? listText(value) : objectText(value as { readonly [key: string]: Json })
  }
}

function quote(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`
}

function listText(list: readonly Json[]): string {
  if (list.length === 0) return '[]'
  let text = '['
  for (let index = 0; index < list.length; index++) text += index === 0 ? canonicalText(list[index]!) : `,${canonicalText(list[index]!)}`
  return `${text}]`
}

function objectText(object: { readonly [key: string]: Json }): string {
  const keys = Object.keys(object)
  if (!inOrder(keys)) keys.sort()
  let text = ''
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index]!
    text += `${index === 0 ? '{' : ','}${quote(key)}:${canonicalText(object[key]!)}`
  }
  return text === '' ? '{}' : `${text}}`
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
  const problem: Problem = { where: [], refusal: undefined }
  const copy = take(value, 1, problem)
  if (copy === undefined) return problem.refusal!
  return measured(copy, maxBytes)
}

/** Takes JSON text, strictly: duplicate keys and numbers that a double would change are refused, not repaired. */
export function admitText(text: string, maxBytes: number = MEBIBYTE): Admitted {
  if (text.length > maxBytes * 6 + 1024) return tooLarge(`over ${maxBytes} bytes`, maxBytes)
  const read = attempt(() => readJson(text))
  if (!read.ok) {
    const code = read.message.includes('levels') ? 'too-deep' : 'not-json'
    return { ok: false, code, message: `${read.message} (at character ${read.offset + 1})`, remedy: read.remedy }
  }
  return measured(read.value, maxBytes)
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

interface Problem {
  readonly where: (string | number)[]
  refusal: (Admitted & { ok: false }) | undefined
}

function refuse(problem: Problem, code: AdmitCode, what: string, remedy: string): undefined {
  const where = problem.where.map((step) => (typeof step === 'number' ? `[${step}]` : `[${JSON.stringify(step)}]`)).join('')
  problem.refusal = { ok: false, code, message: where === '' ? `the value ${what}` : `the value at ${where} ${what}`, remedy }
  return undefined
}

function take(value: unknown, level: number, problem: Problem): Json | undefined {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') return takeText(value, problem)
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value === 0 ? 0 : value
    return refuse(problem, 'not-json', `is ${value}, which JSON cannot say`, 'send null or a text')
  }
  if (typeof value !== 'object') return refuse(problem, 'not-json', `is ${value === undefined ? 'undefined' : `a ${typeof value}`}, which JSON cannot say`, 'send null, or leave the key out')
  if (level > MAX_DEPTH) return refuse(problem, 'too-deep', `is nested over ${MAX_DEPTH} levels`, 'flatten the value')
  return Array.isArray(value) ? takeList(value, level, problem) : takeObject(value, level, problem)
}

function takeText(text: string, problem: Problem): string | undefined {
  if (text.includes('\0')) return refuse(problem, 'not-json', 'holds U+0000', 'leave the character out, or send the bytes as base64')
  if (!text.isWellFormed()) return refuse(problem, 'not-json', 'holds half of a surrogate pair', 'send well-formed Unicode, or the bytes as base64')
  return text
}

function takeList(list: readonly unknown[], level: number, problem: Problem): Json[] | undefined {
  const out: Json[] = []
  for (let index = 0; index < list.length; index++) {
    problem.where.push(index)
    const inner = take(list[index], level + 1, problem)
    if (inner === undefined) return undefined
    problem.where.pop()
    out.push(inner)
  }
  return out
}

function takeObject(object: object, level: number, problem: Problem): Json | undefined {
  const prototype: unknown = Object.getPrototypeOf(object)
  // another realm's plain object (a vm, a worker) has a prototype of its own without one above it
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    return refuse(problem, 'not-json', `is a ${object.constructor.name}, which JSON cannot say`, 'send plain objects, lists, texts, numbers, true, false and null')
  }
  const entries: [string, Json][] = []
  for (const key of Object.keys(object).sort()) {
    problem.where.push(key)
    if (takeText(key, problem) === undefined) return undefined
    const inner = take((object as Record<string, unknown>)[key], level + 1, problem)
    if (inner === undefined) return undefined
    problem.where.pop()
    entries.push([key, inner])
  }
  return Object.fromEntries(entries)
}

