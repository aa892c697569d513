import { admitText } from '../../petri/canonical.js'
import type { Json } from '../../petri/json.js'
import { canonicalText } from '../../petri/canonical.js'
import type { Verdict } from '../../protocol/api/tokens.js'
import { fail } from '../errors.js'

export const MOST_LINES = 100_000
const CHUNK_TOKENS = 1_000
const CHUNK_CHARACTERS = 1_000_000

export interface Line {
  /** counts from 1 */
  readonly line: number
  readonly data: Json
}

export interface Chunk {
  readonly lines: readonly Line[]
}

export interface Read {
  readonly lines: readonly Line[]
  readonly problems: readonly (Verdict & { line: number })[]
}

/** The tokens of a bulk body: NDJSON text (blank lines count and are skipped) or a JSON list. */
export function readBulk(body: unknown): Read {
  if (typeof body === 'string') return readLines(body)
  if (Array.isArray(body)) return { lines: within(body).map((data: Json, nth) => ({ line: nth + 1, data })), problems: [] }
  return fail('bad-json', 'the body is neither a JSON list nor NDJSON', 'send [data, ...] as application/json, or one JSON a line as application/x-ndjson')
}

function readLines(text: string): Read {
  const lines: Line[] = []
  const problems: (Verdict & { line: number })[] = []
  within(text.split('\n')).forEach((raw, nth) => {
    const trimmed = raw.trim()
    if (trimmed === '') return
    const admitted = admitText(trimmed, 8 * 1024 * 1024)
    if (admitted.ok) lines.push({ line: nth + 1, data: admitted.value })
    else problems.push({ line: nth + 1, status: 400, code: 'bad-json', message: admitted.message, remedy: admitted.remedy })
  })
  return { lines, problems }
}

function within<T>(list: T[]): T[] {
  if (list.length > MOST_LINES + 1) fail('too-large', `the body has ${list.length} lines, and ${MOST_LINES} go at once`, 'send it in parts; agenticos put --lines does so by itself')
  return list
}

/** Cuts lines into inbox rows: the same lines always into the same rows, so that a repeated put finds its first answer. */
export function chunksOf(lines: readonly Line[]): Chunk[] {
  const chunks: Chunk[] = []
  let current: Line[] = []
  let size = 0
  for (const line of lines) {
    const length = canonicalText(line.data).length
    if (current.length >= CHUNK_TOKENS || (current.length > 0 && size + length > CHUNK_CHARACTERS)) {
      chunks.push({ lines: current })
      current = []
      size = 0
    }
    current.push(line)
    size += length
  }
  if (current.length > 0) chunks.push({ lines: current })
  return chunks
}
