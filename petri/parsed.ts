/** What a parser gives: the value, or the sentence that says what is wrong where and what to write instead. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | Misread

export interface Misread {
  readonly ok: false
  readonly message: string
  readonly remedy: string
  /** characters from the start of the text that is wrong */
  readonly offset: number
  /** which text of a larger JSON value, when it was one */
  readonly at?: readonly (string | number)[]
}

export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value }
}

/** Thrown inside a parser, never out of it: `attempt` turns it into a Misread. */
export class ParseFault extends Error {
  readonly offset: number
  readonly remedy: string

  constructor(message: string, remedy: string, offset: number) {
    super(message)
    this.name = 'ParseFault'
    this.remedy = remedy
    this.offset = offset
  }
}

/** Runs a parser and gives what it threw as a value. */
export function attempt<T>(parse: () => T, at?: readonly (string | number)[]): Parsed<T> {
  try {
    return { ok: true, value: parse() }
  } catch (error) {
    if (!(error instanceof ParseFault)) throw error
    const misread: Misread = { ok: false, message: error.message, remedy: error.remedy, offset: error.offset }
    return at === undefined ? misread : { ...misread, at }
  }
}
