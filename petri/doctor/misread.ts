import type { Misread } from '../parsed.js'
import type { Expression } from './expression.js'
import type { Flaw } from './rule.js'
import type { Subject } from './subject.js'

/** The expressions in one language that cannot be read. */
export function* misreads(subject: Subject, language: Expression['language']): Iterable<Flaw> {
  for (const expression of subject.expressions) {
    if (expression.language === language && expression.misread) yield misreadFlaw(expression.misread, [...expression.path, ...(expression.misread.at ?? [])], language)
  }
}

/** A flaw that says what a parser said. */
export function misreadFlaw({ message, remedy, offset }: Misread, path: Flaw['path'], what: string): Flaw {
  return { path, message: `The ${what} is wrong at character ${offset + 1}: ${message}.`, remedy: sentence(remedy) }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`
}
