/** Solutions y >= 0 of y * matrix = 0 whose support contains no other's, weights without a common divisor. */
export interface Semiflows {
  readonly flows: readonly ReadonlyMap<number, number>[]
  /** false: there are more, or larger ones, than were looked for; those found are still right */
  readonly complete: boolean
}

interface Row {
  /** what is left of the matrix: column -> value */
  readonly left: ReadonlyMap<number, number>
  readonly weights: ReadonlyMap<number, number>
  /** indexes of the weights as bits */
  readonly support: Uint32Array
}

/** Most rows at a time: a net of a few dozen places can have millions of semiflows. */
export const MOST_ROWS = 5_000
/** Most comparisons of two rows in all: seconds at the worst. */
const MOST_WORK = 20_000_000

/** Farkas' algorithm on sparse rows: columns are combined away, the one with the fewest combinations first. */
export function semiflows(matrix: readonly ReadonlyMap<number, number>[], most: number = MOST_ROWS): Semiflows {
  const words = Math.ceil(matrix.length / 32)
  let rows: Row[] = matrix.map((left, index) => ({ left: withoutZeros(left), weights: new Map([[index, 1]]), support: bits(words, index) }))
  const work = { left: MOST_WORK }
  for (let column = cheapest(rows); column !== undefined; column = cheapest(rows)) {
    const kept = rows.filter((row) => !row.left.has(column))
    const [positive, negative] = [rows.filter((row) => (row.left.get(column) ?? 0) > 0), rows.filter((row) => (row.left.get(column) ?? 0) < 0)]
    work.left -= 20 * positive.length * negative.length
    if (work.left < 0) return { flows: finished(rows), complete: false }
    const made: Row[] = []
    for (const a of positive) {
      for (const b of negative) {
        const row = combined(a, b, column)
        if (!row) return { flows: finished(rows), complete: false }
        made.push(row)
      }
    }
    const next = minimal(kept, made, work)
    if (!next) return { flows: finished(rows), complete: false }
    rows = next
    if (rows.length > most) return { flows: finished(rows), complete: false }
  }
  return { flows: rows.map((row) => row.weights), complete: true }
}

function finished(rows: readonly Row[]): ReadonlyMap<number, number>[] {
  return rows.filter((row) => row.left.size === 0).map((row) => row.weights)
}

function cheapest(rows: readonly Row[]): number | undefined {
  const counts = new Map<number, [number, number]>()
  for (const { left } of rows) {
    for (const [column, value] of left) {
      const count = counts.get(column) ?? [0, 0]
      count[value > 0 ? 0 : 1]++
      counts.set(column, count)
    }
  }
  let best: number | undefined
  let least = Infinity
  for (const [column, [positive, negative]] of counts) {
    const cost = positive * negative - positive - negative
    if (cost < least) [best, least] = [column, cost]
  }
  return best
}

/** The combination of two rows in which a column is gone; undefined when its numbers outgrow exact ones. */
function combined(a: Row, b: Row, column: number): Row | undefined {
  const [x, y] = [a.left.get(column)!, -b.left.get(column)!]
  const common = divisor(x, y)
  const left = sum(a.left, y / common, b.left, x / common)
  const weights = sum(a.weights, y / common, b.weights, x / common)
  let all = 0
  for (const value of weights.values()) all = divisor(all, value)
  for (const value of left.values()) all = divisor(all, Math.abs(value))
  for (const map of [left, weights]) {
    for (const [at, value] of map) {
      if (!Number.isSafeInteger(value)) return undefined
      if (all > 1) map.set(at, value / all)
    }
  }
  return { left, weights, support: a.support.map((word, at) => word | b.support[at]!) }
}

function sum(a: ReadonlyMap<number, number>, timesA: number, b: ReadonlyMap<number, number>, timesB: number): Map<number, number> {
  const result = new Map<number, number>()
  for (const [at, value] of a) result.set(at, value * timesA)
  for (const [at, value] of b) {
    const total = (result.get(at) ?? 0) + value * timesB
    if (total === 0) result.delete(at)
    else result.set(at, total)
  }
  return result
}

/** Rows whose support holds another's are that one and something more: they go. Undefined when telling takes too long. */
function minimal(kept: readonly Row[], made: readonly Row[], work: { left: number }): Row[] | undefined {
  const fresh: Row[] = []
  const covered = (row: Row, by: readonly Row[]): boolean => {
    work.left -= by.length
    return by.some((other) => within(other.support, row.support))
  }
  for (const row of [...made].sort((a, b) => a.weights.size - b.weights.size)) {
    if (work.left < 0) return undefined
    if (!covered(row, kept) && !covered(row, fresh)) fresh.push(row)
  }
  return [...kept.filter((row) => !covered(row, fresh)), ...fresh]
}

function within(inner: Uint32Array, outer: Uint32Array): boolean {
  for (let at = 0; at < inner.length; at++) if ((inner[at]! & ~outer[at]!) !== 0) return false
  return true
}

function bits(words: number, index: number): Uint32Array {
  const support = new Uint32Array(words)
  support[index >> 5] = 1 << (index & 31)
  return support
}

function withoutZeros(row: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  return [...row.values()].includes(0) ? new Map([...row].filter(([, value]) => value !== 0)) : row
}

function divisor(a: number, b: number): number {
  let [x, y] = [a, b]
  while (y !== 0) [x, y] = [y, x % y]
  return x
}
