/** Micro-dollars of an amount as written, exact; undefined when it has more than six decimals or is no amount. */
export function microsOf(usd: number | string): number | undefined {
  const parts = /^(\d{1,9})(?:\.(\d{1,6}))?$/.exec(typeof usd === 'number' ? decimal(usd) : usd)
  return parts ? Number(parts[1]) * 1_000_000 + Number((parts[2] ?? '').padEnd(6, '0')) : undefined
}

/** `1.98`, `0.000025`: the shortest exact text with at least two decimals. */
export function usdText(micros: number): string {
  const sign = micros < 0 ? '-' : ''
  const digits = String(Math.abs(micros)).padStart(7, '0')
  return `${sign}${digits.slice(0, -6)}.${digits.slice(-6).replace(/0{1,4}$/, '')}`
}

/** The shortest text of a number, without an exponent where six decimals say it. */
function decimal(usd: number): string {
  const text = String(usd)
  return text.includes('e-') && Number(usd.toFixed(6)) === usd ? usd.toFixed(6) : text
}
