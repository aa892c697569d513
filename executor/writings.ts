/** How a text may be written by whoever handles it: as a pattern, and the most characters that it is likely to have. */
export interface Writing {
  readonly source: string
  readonly reach: number
}

// Every repetition has an end, so that no output takes more than linear time.

/** A value as it is, inside JSON, URLs, forms and HTML, and inside of those inside of each other, however deep. */
export function escaped(value: string): Writing {
  // Runs of backslashes are one: they double at each level, and two patterns for one run would be tried against each other.
  const characters = value.match(/\\+|[^\\]/gsu) ?? []
  const parts = characters.map((text, nth) => character(text, nth, nth > 0 && !characters[nth - 1]!.startsWith('\\')))
  return { source: parts.map((part) => part.source).join(''), reach: sum(parts) }
}

/** Base64 of a text that holds the value anywhere: three alignments, without the characters that its neighbours share. */
export function base64(value: string): Writing[] {
  const bytes = Buffer.from(value, 'utf8')
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64').replace(/=+$/, '')
    const core = encoded.slice([0, 2, 3][offset], Math.floor(((bytes.length + offset) * 8) / 6))
    if (core.length < 6) return []
    const parts = [...core].map((letter): Writing => {
      if (letter === '+') return anyOf(['\\+', '-', percent('+')])
      return letter === '/' ? anyOf([`(?:${backslash}){0,32}\\/`, '_', percent('/')]) : { source: letter, reach: 1 }
    })
    return [{ source: parts.map((part) => part.source).join(''), reach: sum(parts) }]
  })
}

export function hex(value: string): Writing {
  const text = Buffer.from(value, 'utf8').toString('hex')
  return { source: anyCase(text), reach: text.length }
}

const backslash = `\\\\|${percent('\\')}`
const semicolon = `(?:;|${percent(';')})`
const and = `(?:&|${percent('&')})(?:amp${semicolon}){0,4}`
const NAMED: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' }
const LETTERS: Readonly<Record<string, string>> = { '\n': 'n', '\r': 'r', '\t': 't', '\f': 'f', '\b': 'b' }
/** Longest writing of one unusual character that is looked for at the end of a text that was cut. */
const DEEP = 24

function character(text: string, nth: number, maySlash: boolean): Writing {
  if (/^[A-Za-z0-9_.~-]$/.test(text)) return { source: quoted(text), reach: 1 }
  const slashes = maySlash ? `(?:${backslash}){0,32}` : ''
  // of a run at the beginning the last one is enough: to begin at each of them would take ever longer
  if (text.startsWith('\\')) return anyOf([nth === 0 ? backslash : `(?:${backslash}){1,${64 * text.length}}`])
  const units = [...Array(text.length).keys()].map((at) => anyCase(text.charCodeAt(at).toString(16).padStart(4, '0')))
  const code = text.codePointAt(0)!
  const ways = [quoted(text), percent(text), units.map((unit) => `(?:${backslash}){0,32}u${unit}`).join(''), `${and}#0{0,4}${code}${semicolon}`, `${and}#[xX]0{0,4}${anyCase(code.toString(16))}${semicolon}`]
  if (text === ' ') ways.push('\\+', percent('+'))
  if (Object.hasOwn(NAMED, text)) ways.push(`${and}${NAMED[text]}${semicolon}`)
  if (Object.hasOwn(LETTERS, text)) ways.push(LETTERS[text]!)
  const { source, reach } = anyOf(ways)
  return { source: slashes + source, reach }
}

/** Percent-encoded, once or more often: `%22`, `%2522`. */
function percent(text: string): string {
  return [...Buffer.from(text, 'utf8')].map((byte) => `%(?:25){0,4}${anyCase(byte.toString(16).padStart(2, '0'))}`).join('')
}

function anyCase(digits: string): string {
  return digits.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)
}

function anyOf(ways: readonly string[]): Writing {
  return { source: `(?:${ways.join('|')})`, reach: DEEP }
}

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
}

function sum(parts: readonly Writing[]): number {
  return parts.reduce((total, part) => total + part.reach, 0)
}
