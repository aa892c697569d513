/** Most cells of the table that finds the longest common lines; a larger middle counts as changed. */
const MAX_CELLS = 4_000_000

/**
 * An edited text in the layout of the original: `normal` is what the printer makes of the original unedited, `edited` what it
 * makes of it edited. Lines that both have stand as they stood in the original.
 */
export function splice(original: readonly string[], normal: readonly string[], edited: readonly string[]): string[] {
  const kept = new Map(common(normal, edited))
  const out: string[] = []
  const margins: number[] = []
  let next = 0
  for (const { from, to, lines } of units(original, normal)) {
    if (from < to && lines.length > 0 && normal[from] !== '') margins[margin(normal[from]!)] = margin(lines[0]!)
    const first = from === to ? next : kept.get(from)
    let whole = first !== undefined && first >= next
    for (let at = from; whole && at < to; at++) whole = kept.get(at) === first! + at - from
    if (!whole) continue
    out.push(...edited.slice(next, first).map((line) => indented(line, margins)), ...lines)
    next = first! + to - from
  }
  return [...out, ...edited.slice(next).map((line) => indented(line, margins))]
}

function margin(line: string): number {
  return line.length - line.trimStart().length
}

/** A new line as deep as the original has lines of that depth. */
function indented(line: string, margins: readonly number[]): string {
  const depth = margin(line)
  for (let known = depth; known >= 0; known--) {
    const there = margins[known]
    if (there !== undefined) return ' '.repeat(there + depth - known) + line.trimStart()
  }
  return line
}

/** Runs of normalised lines, each with the original lines that it stands for. */
function units(original: readonly string[], normal: readonly string[]): { from: number; to: number; lines: readonly string[] }[] {
  const squeezed = (line: string): string => line.replace(/\s+/g, '')
  const found: { from: number; to: number; lines: readonly string[] }[] = []
  let [left, right] = [0, 0]
  for (const [at, match] of [...common(original.map(squeezed), normal.map(squeezed)), [original.length, normal.length] as const]) {
    if (at > left || match > right) found.push({ from: right, to: match, lines: original.slice(left, at) })
    if (at < original.length) found.push({ from: match, to: match + 1, lines: original.slice(at, at + 1) })
    ;[left, right] = [at + 1, match + 1]
  }
  return found
}

/** Pairs of indices of a longest common subsequence, in order. */
function common(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const pairs = Array.from({ length: head }, (_, at) => [at, at] as const)
  pairs.push(...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)).map(([x, y]) => [x + head, y + head] as const))
  for (let at = tail; at > 0; at--) pairs.push([a.length - at, b.length - at])
  return pairs
}

function middle(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  if (a.length === 0 || b.length === 0 || a.length * b.length > MAX_CELLS) return []
  const width = b.length + 1
  const length = new Uint32Array((a.length + 1) * width)
  for (let x = a.length - 1; x >= 0; x--) {
    for (let y = b.length - 1; y >= 0; y--) {
      length[x * width + y] = a[x] === b[y] ? length[(x + 1) * width + y + 1]! + 1 : Math.max(length[(x + 1) * width + y]!, length[x * width + y + 1]!)
    }
  }
  const pairs: (readonly [number, number])[] = []
  for (let x = 0, y = 0; x < a.length && y < b.length;) {
    if (a[x] === b[y]) pairs.push([x++, y++])
    else if (length[(x + 1) * width + y]! >= length[x * width + y + 1]!) x++
    else y++
  }
  return pairs
}
