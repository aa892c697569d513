const COUNT = /\{(\d{1,5})(,(\d{0,5}))?\}/y
const CLASS = /\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]/sy
const ESCAPE = /\\(?:[pPx]\{[^}]*\}|Q[^]*?(?:\\E|$)|.)/sy

interface Group {
  total: number
  /** what a count behind it would repeat */
  last: number
}

/**
 * About how many steps a pattern is compiled to: counts multiply, so `(a{30}){30}` is 900. Known before it is compiled,
 * because compiling a hundred thousand steps is itself too much.
 */
export function patternSize(source: string): number {
  let group: Group = { total: 0, last: 0 }
  const around: Group[] = []
  const atom = (size: number): void => {
    group.total += size
    group.last = size
  }
  for (let at = 0; at < source.length; ) {
    const sign = source[at]!
    const skipped = sign === '\\' ? taken(ESCAPE, source, at) : sign === '[' ? taken(CLASS, source, at) : ''
    const count = sign === '{' ? counted(source, at) : undefined
    if (sign === '(') {
      around.push(group)
      group = { total: 0, last: 0 }
    } else if (sign === ')') {
      const inner = group.total + 2
      group = around.pop() ?? { total: 0, last: 0 }
      atom(inner)
    } else if (count !== undefined) {
      group.total += group.last * (count.times - 1)
      group.last *= count.times
    } else atom(skipped.startsWith('\\Q') ? skipped.length : 1)
    at += count?.length ?? Math.max(1, skipped.length)
  }
  return around.reduce((sum, outer) => sum + outer.total, group.total)
}

function taken(regex: RegExp, source: string, at: number): string {
  regex.lastIndex = at
  return regex.exec(source)?.[0] ?? ''
}

function counted(source: string, at: number): { times: number; length: number } | undefined {
  COUNT.lastIndex = at
  const found = COUNT.exec(source)
  if (!found) return undefined
  return { times: Math.max(1, Number(found[1]), Number(found[3] ?? 0)), length: found[0].length }
}
