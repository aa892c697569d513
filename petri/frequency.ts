import { duration } from './duration.js'

/** At most `limit` in each `window` milliseconds. */
export interface Frequency {
  readonly limit: number
  readonly window: number
}

const MULTIPLES: Readonly<Record<string, number>> = { '': 1, k: 1_000, m: 1_000_000 }

/** What `10/m`, `500/h`, `10m/d` (ten million a day) or `5/10s` say, or undefined when the text is no rate. */
export function frequency(text: string): Frequency | undefined {
  const parts = /^(\d{1,9})([km]?)\/(\d{0,6})(ms|s|m|h|d)$/.exec(text)
  if (!parts) return undefined
  const window = duration(`${parts[3] || 1}${parts[4]}`)
  const limit = Number(parts[1]) * MULTIPLES[parts[2]!]!
  return window ? { limit, window } : undefined
}
