import { RE2JS } from 're2js'
import type { JsonObject } from './json.js'
import { type Parsed, parsed } from './parsed.js'
import { patternSize } from './pattern-size.js'

export const MAX_PATTERN = 1_000
/** Steps it may be compiled to. */
const MAX_SIZE = 1_000
/** Linear is not enough: steps times characters, some seconds at the very worst. */
const MAX_WORK = 100_000_000
// each may hold some megabytes of automaton
const CACHE = 128

/** A regular expression in RE2 syntax: its time is linear in the text, whatever the pattern. */
export interface Pattern {
  readonly source: string
  /** names of its groups, sorted */
  readonly groups: readonly string[]
  /** the text is too long for a pattern of this size: `test` is false, and the others find nothing */
  overworked(text: string): boolean
  test(text: string): boolean
  /** named groups of the first match (null for one that took no part), or null when nothing matches */
  match(text: string): JsonObject | null
  matchAll(text: string): JsonObject[]
  /** every match replaced by the very text: no `$1` in it means anything. Undefined when it would outgrow `limit`. */
  replace(text: string, by: string, limit: number): string | undefined
}

const compiled = new Map<string, Parsed<Pattern>>()

/** Compiles a pattern, or gives the cached one: patterns from data may come by the million. */
export function parsePattern(source: string): Parsed<Pattern> {
  const known = compiled.get(source)
  if (known !== undefined) return known
  const made = compile(source)
  if (source.length <= MAX_PATTERN) {
    if (compiled.size >= CACHE) compiled.delete(compiled.keys().next().value!)
    compiled.set(source, made)
  }
  return made
}

function compile(source: string): Parsed<Pattern> {
  if (source.length > MAX_PATTERN) {
    return { ok: false, message: `the pattern has ${source.length} characters, and ${MAX_PATTERN} are allowed`, remedy: 'shorten it, or use several patterns', offset: 0 }
  }
  if (patternSize(source) > 4 * MAX_SIZE) return tooLarge(source)
  try {
    const regex = RE2JS.compile(source)
    const size = regex.programSize()
    return size > MAX_SIZE ? tooLarge(source) : parsed(pattern(source, regex, size))
  } catch (error) {
    const reason = (error as Error).message.replace(/^error parsing regexp: /, '')
    return { ok: false, message: `RE2 refuses the pattern /${clip(source)}/: ${clip(reason)}`, remedy: remedy(source), offset: 0 }
  }
}

function tooLarge(source: string): Parsed<Pattern> {
  return { ok: false, message: `the pattern /${clip(source)}/ is compiled to over ${MAX_SIZE} steps`, remedy: 'count less: write * or + in place of {1,1000}, and ask for the length apart', offset: 0 }
}

function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}...` : text
}

function remedy(source: string): string {
  if (/\(\?<?[=!]/.test(source)) return 'RE2 has no look-around: match more and check the rest with a second condition'
  if (/\\u/.test(source)) return 'RE2 writes \\x{e9} for \\u00e9; the sign itself may stand too'
  if (/\\[1-9]/.test(source)) return 'RE2 has no back-references: take both parts as groups and compare them'
  return 'write it in RE2 syntax; (?i) at the start ignores case, (?s) lets a dot match a line break'
}

function pattern(source: string, regex: RE2JS, size: number): Pattern {
  const most = MAX_WORK / size
  const test = (text: string): boolean => text.length <= most && regex.test(text)
  const numbers = Object.entries(regex.namedGroups()).sort(([a], [b]) => (a < b ? -1 : 1))
  const named = (matcher: ReturnType<RE2JS['matcher']>): JsonObject =>
    Object.fromEntries(numbers.map(([name, number]) => [name, matcher.group(number)]))
  return {
    source,
    groups: numbers.map(([name]) => name),
    overworked: (text) => text.length > most,
    test,
    match(text) {
      // the test runs on an automaton and is far cheaper than taking the groups
      if (!test(text)) return null
      const matcher = regex.matcher(text)
      return matcher.find() ? named(matcher) : null
    },
    matchAll(text) {
      const all: JsonObject[] = []
      if (!test(text)) return all
      const matcher = regex.matcher(text)
      while (matcher.find()) all.push(named(matcher))
      return all
    },
    replace(text, by, limit) {
      if (!test(text)) return text
      const matcher = regex.matcher(text)
      let out = ''
      let from = 0
      while (matcher.find()) {
        out += text.slice(from, matcher.start()) + by
        from = matcher.end()
        if (out.length > limit) return undefined
      }
      out += text.slice(from)
      return out.length > limit ? undefined : out
    },
  }
}
