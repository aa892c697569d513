import { duration } from './duration.js'
import type { Json } from './json.js'

const TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/

/** Milliseconds since the epoch that a value names: a duration counted from `base`, or an ISO 8601 date or time with an offset. */
export function parseMoment(value: Json | undefined, base: number): number | undefined {
  if (typeof value !== 'string') return undefined
  const span = duration(value)
  if (span !== undefined) return base + span
  if (!TIME.test(value)) return undefined
  const time = Date.parse(value)
  return Number.isNaN(time) ? undefined : time
}
