import type { Json } from '../petri/json.js'
import { base64, escaped, hex, type Writing } from './writings.js'

const STARS = '***'
/** Shorter values would blank out half of every text: they are refused as credentials. */
export const MIN_SECRET = 4
const MIN_PART = 8
/** How lines end, written out inside JSON and URLs too: base64 goes over several of them. */
const LINE_END = /[\r\n]+|(?:\\r)?\\n|(?:%0D)?%0A/gi

/** Replaces credential values, in every writing that output is likely to hold them in, by `***`. */
export class Mask {
  readonly #writings: RegExp | undefined
  readonly #base64: RegExp | undefined
  /** longest writing: that much more than the limit must be captured, so that a cut never leaves half a secret */
  readonly reach: number

  constructor(values: readonly string[]) {
    const wrapped = values.flatMap(base64)
    const all = [...values.flatMap(plain).map(escaped), ...values.map(hex), ...wrapped]
    // base64 over lines of 60 characters or more, each end written out at its longest
    this.reach = Math.max(0, ...all.map(({ reach }) => reach + 6 * Math.ceil(reach / 60)))
    this.#writings = anyOf(all)
    this.#base64 = anyOf(wrapped)
  }

  text(text: string): string {
    return this.#writings === undefined ? text : this.#upTo(text, Infinity).masked
  }

  /** Of a text that was cut off at its end: what may be the beginning of a value there goes too. */
  head(text: string): string {
    return this.#writings === undefined ? text : this.split(text).masked
  }

  /** What of a text can be told though more of it is to come, and the rest as it is. */
  split(text: string): { readonly masked: string, readonly rest: string } {
    return this.#writings === undefined ? { masked: text, rest: '' } : this.#upTo(text, text.length - this.reach)
  }

  #upTo(text: string, end: number): { masked: string, rest: string } {
    const spans = [...spansOf(this.#writings!, text), ...this.#wrapped(text)].sort((a, b) => a[0] - b[0])
    let masked = ''
    let from = 0
    for (const [first, last] of spans) {
      if (first >= end) break
      if (first >= from) masked += text.slice(from, first) + STARS
      from = Math.max(from, last)
    }
    const to = Math.max(from, Math.min(end, text.length))
    return { masked: masked + text.slice(from, to), rest: text.slice(to) }
  }

  /** Where base64 of a value goes over lines: found in the text without their ends, told in the text with them. */
  #wrapped(text: string): Span[] {
    const ends = this.#base64 === undefined ? [] : spansOf(LINE_END, text)
    if (ends.length === 0) return []
    let joined = ''
    let at = 0
    const cuts: { readonly at: number, readonly removed: number }[] = [{ at: 0, removed: 0 }]
    for (const [first, last] of ends) {
      joined += text.slice(at, first)
      at = last
      cuts.push({ at: joined.length, removed: last - joined.length })
    }
    joined += text.slice(at)
    let cut = 0
    const placed = (index: number): number => {
      while (cut + 1 < cuts.length && cuts[cut + 1]!.at <= index) cut++
      return index + cuts[cut]!.removed
    }
    return spansOf(this.#base64!, joined).map(([first, last]): Span => [placed(first), placed(last - 1) + 1])
  }

  /** Keys and numbers too. */
  json(value: Json): Json {
    if (this.#writings === undefined) return value
    if (typeof value === 'string') return this.text(value)
    if (typeof value === 'number') return this.text(String(value)) === String(value) ? value : STARS
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map((element: Json) => this.json(element))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [this.text(key), this.json(inner as Json)]))
  }
}

type Span = readonly [from: number, to: number]

function spansOf(pattern: RegExp, text: string): Span[] {
  return [...text.matchAll(pattern)].map((match): Span => [match.index, match.index + match[0].length])
}

/** Any of the writings, the longest first; undefined when there are none. */
function anyOf(writings: readonly Writing[]): RegExp | undefined {
  if (writings.length === 0) return undefined
  const sorted = [...writings].sort((a, b) => b.reach - a.reach)
  return new RegExp([...new Set(sorted.map(({ source }) => source))].join('|'), 'g')
}

/** A value, and the lines of one that has several. */
function plain(value: string): string[] {
  const parts = value.split(/\r?\n/).map((line) => line.trim()).filter((line) => line.length >= MIN_PART)
  const all = [value, value.trim(), value.toLowerCase(), ...(parts.length > 1 ? parts : [])]
  return [...new Set(all)].filter((text) => text.length >= MIN_SECRET)
}
