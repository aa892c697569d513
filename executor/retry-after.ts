const LONGEST_WAIT = 86_400_000

/** Milliseconds that a Retry-After asks for: seconds, or a date; a day at most. */
export function retryAfter(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  const ms = /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isFinite(ms) ? Math.min(LONGEST_WAIT, Math.max(0, ms)) : undefined
}
