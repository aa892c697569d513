const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds of `500ms 30s 5m 2h 7d`, or undefined when the text is no duration or too long to count exactly. */
export function duration(text: string): number | undefined {
  const parts = /^(\d{1,15})(ms|s|m|h|d)$/.exec(text)
  if (!parts) return undefined
  const result = Number(parts[1]) * UNITS[parts[2]!]!
  return Number.isSafeInteger(result) ? result : undefined
}

/** The shortest exact text for so many milliseconds: 300000 is `5m`. */
export function formatDuration(milliseconds: number): string {
  for (const unit of ['d', 'h', 'm', 's']) {
    if (milliseconds > 0 && milliseconds % UNITS[unit]! === 0) return `${milliseconds / UNITS[unit]!}${unit}`
  }
  return `${milliseconds}ms`
}
