import { roll } from '../../petri/fire.js'

/** Longest that a server's Retry-After is believed, in milliseconds. */
const MOST_RETRY_AFTER = 3_600_000

/**
 * Milliseconds until the next attempt: exponential from the lower bound, doubled each time, at most the upper one, half
 * of it jitter that firing and attempt fix (so a replay waits the same); never less than the other side asked for.
 */
export function backoff(bounds: readonly [number, number], attempt: number, seed: string, retryAfterMs: number | undefined): number {
  const [least, most] = bounds
  const full = Math.min(most, least * 2 ** Math.min(attempt - 1, 40))
  const delay = Math.round(full / 2 + (full / 2) * roll(`${seed}/${attempt}`))
  return Math.max(delay, Math.min(retryAfterMs ?? 0, MOST_RETRY_AFTER))
}
