import { usage } from './failure.js'

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `500ms 30s 5m 2h 7d` in milliseconds. */
export function readSpan(text: string, option: string): number {
  const read = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text)
  return read ? Number(read[1]) * UNITS[read[2]!]! : usage(`${option} is ${JSON.stringify(text)}, and it must be a span`, `write ${option} 30s, ${option} 5m or ${option} 2h`)
}
