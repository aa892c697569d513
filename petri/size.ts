const UNITS: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 }

/** Bytes of `64KiB` or of a plain number, or undefined when it is no size or too large to count exactly. */
export function size(value: string | number): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined
  const parts = /^(\d{1,15})(B|KiB|MiB|GiB)$/.exec(value)
  if (!parts) return undefined
  const bytes = Number(parts[1]) * UNITS[parts[2]!]!
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** The shortest exact text for so many bytes: 65536 is `64KiB`. */
export function formatSize(bytes: number): string {
  for (const unit of ['GiB', 'MiB', 'KiB']) {
    if (bytes > 0 && bytes % UNITS[unit]! === 0) return `${bytes / UNITS[unit]!}${unit}`
  }
  return `${bytes}B`
}
