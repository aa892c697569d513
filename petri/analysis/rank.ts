/** The rank of a matrix of whole numbers, given as sparse rows. Exact: no number is ever rounded. */
export function rank(matrix: Iterable<ReadonlyMap<number, number>>): number {
  const pivots = new Map<number, Map<number, bigint>>()
  for (const written of matrix) {
    let row = new Map([...written].filter(([, value]) => value !== 0).map(([column, value]) => [column, BigInt(value)]))
    while (row.size > 0) {
      const column = firstKnown(row, pivots)
      if (column === undefined) {
        pivots.set(row.keys().next().value!, row)
        break
      }
      row = eliminated(row, pivots.get(column)!, column)
    }
  }
  return pivots.size
}

function firstKnown(row: ReadonlyMap<number, bigint>, pivots: ReadonlyMap<number, unknown>): number | undefined {
  for (const column of row.keys()) if (pivots.has(column)) return column
  return undefined
}

/** The row without its value in a column: so many times itself less so many times the pivot, divided by what all have in common. */
function eliminated(row: ReadonlyMap<number, bigint>, pivot: ReadonlyMap<number, bigint>, column: number): Map<number, bigint> {
  const [own, other] = [row.get(column)!, pivot.get(column)!]
  const result = new Map<number, bigint>()
  for (const [at, value] of row) if (at !== column) result.set(at, value * other)
  for (const [at, value] of pivot) {
    if (at === column) continue
    const left = (result.get(at) ?? 0n) - value * own
    if (left === 0n) result.delete(at)
    else result.set(at, left)
  }
  let common = 0n
  for (const value of result.values()) common = divisor(common, value < 0n ? -value : value)
  if (common > 1n) for (const [at, value] of result) result.set(at, value / common)
  return result
}

function divisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b]
  while (y !== 0n) [x, y] = [y, x % y]
  return x
}
