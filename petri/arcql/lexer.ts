import { JsonReader, shown } from '../json-text.js'
import { ParseFault } from '../parsed.js'
import { type Pattern, parsePattern } from '../pattern.js'
import type { Path, Step } from './path.js'

const MAX_STEPS = 64
const NAME = /[\p{L}_][\p{L}\p{N}_-]*/uy
const IDENTIFIER = /[A-Za-z_][A-Za-z0-9_]*/y
const INDEX = /\d{1,9}/y

/** Walks a text: what ArcQL and templates have in common. Every complaint is a ParseFault at its character. */
export class Lexer extends JsonReader {
  /** Whether this stands next, after space. */
  sees(symbol: string): boolean {
    this.space()
    return this.text.startsWith(symbol, this.at)
  }

  eat(symbol: string): boolean {
    if (!this.sees(symbol)) return false
    this.at += symbol.length
    return true
  }

  expect(symbol: string, remedy: string): void {
    if (!this.eat(symbol)) throw this.fault(`${this.next()} stands where ${symbol} is expected`, remedy)
  }

  end(): boolean {
    this.space()
    return this.at >= this.text.length
  }

  /** What stands next, as an error names it. */
  next(): string {
    this.space()
    return shown(this.text, this.at)
  }

  fault(message: string, remedy: string, at: number = this.at): ParseFault {
    return new ParseFault(message, remedy, at)
  }

  /** The bare word that stands next, without taking it; empty when none does. */
  peekWord(): string {
    this.space()
    return this.sticky(IDENTIFIER) ?? ''
  }

  takeWord(): string {
    const word = this.peekWord()
    this.at += word.length
    return word
  }

  /** `$.a` or `$_.a`; the dollar sign stands next. */
  path(): Path {
    this.space()
    const start = this.at
    this.at++
    const base = this.text[this.at] === '_' ? 'meta' : 'data'
    if (base === 'meta') this.at++
    if (/[\p{L}\p{N}_]/u.test(this.text[this.at] ?? '')) {
      throw this.fault(`${shown(this.text, start)} is no path`, 'a path begins with $. (the data) or $_. (the _meta)', start)
    }
    return { base, steps: this.steps() }
  }

  /** `.a[0]["odd key"]`, without space in it. */
  steps(): Step[] {
    const steps: Step[] = []
    for (;;) {
      const sign = this.text[this.at]
      if (sign !== '.' && sign !== '[') return steps
      if (steps.length >= MAX_STEPS) throw this.fault(`the path has over ${MAX_STEPS} steps`, 'values are nested 64 levels at most')
      this.at++
      steps.push(sign === '.' ? this.named() : this.bracketed())
    }
  }

  /** `/re/`; the first slash stands next. A slash inside is written `\/`. */
  pattern(): Pattern {
    this.space()
    const start = this.at
    const close = this.closingSlash(start)
    const source = this.text.slice(start + 1, close).replace(/\\(.)/gs, (pair, sign: string) => (sign === '/' ? '/' : pair))
    this.at = close + 1
    const flags = this.sticky(IDENTIFIER)
    if (flags !== undefined) throw this.fault(`the pattern is followed by ${JSON.stringify(flags)}`, `put flags inside: /(?${flags.slice(0, 3)})${source.slice(0, 20)}/`)
    const pattern = parsePattern(source)
    if (!pattern.ok) throw this.fault(pattern.message, pattern.remedy, start)
    return pattern.value
  }

  private named(): string {
    const name = this.sticky(NAME)
    if (name === undefined) {
      throw this.fault(`${shown(this.text, this.at)} is no key after the dot`, 'write an index as [0] and a key of other signs as ["odd key"]')
    }
    this.at += name.length
    return name
  }

  private bracketed(): Step {
    const start = this.at - 1
    let by: Step
    if (this.text[this.at] === '"') by = this.string()
    else {
      const digits = this.sticky(INDEX)
      if (digits === undefined) throw this.fault(`${shown(this.text, this.at)} is neither index nor key`, 'write [0] for an element (they count from 0) or ["odd key"]')
      this.at += digits.length
      by = Number(digits)
    }
    if (this.text[this.at] !== ']') throw this.fault('a bracket in the path is not closed', 'write [0] or ["odd key"]', start)
    this.at++
    return by
  }

  private closingSlash(start: number): number {
    for (let at = start + 1; at < this.text.length; at++) {
      if (this.text[at] === '\\') at++
      else if (this.text[at] === '/') return at
    }
    throw this.fault('the pattern is not closed', 'end it with /; a slash inside it is written \\/', start)
  }

  private sticky(regex: RegExp): string | undefined {
    regex.lastIndex = this.at
    return regex.exec(this.text)?.[0]
  }
}
