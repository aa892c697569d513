import { plain, type Colour, type Painter } from './paint.js'

/** A column of a table; a `wide` one is shown with -o wide only. */
export interface Column<T> {
  readonly head: string
  readonly cell: (row: T) => string | number | boolean | null | undefined
  readonly wide?: boolean
  readonly right?: boolean
  readonly colour?: (row: T, text: string) => Colour | undefined
}

interface Look {
  readonly wide: boolean
  readonly paint: Painter
  /** terminal columns; undefined: lines are as long as they are */
  readonly columns?: number | undefined
}

/** Rows under upper-case heads, three spaces between. On a terminal the last column is cut where the line would wrap. */
export function table<T>(columns: readonly Column<T>[], rows: readonly T[], look: Look): string[] {
  const shown = columns.filter((column) => look.wide || !column.wide)
  const texts = rows.map((row) => shown.map((column) => cellText(column.cell(row))))
  const widths = shown.map((column, nth) => Math.max(column.head.length, ...texts.map((cells) => width(cells[nth]!))))
  const before = widths.slice(0, -1).reduce((sum, one) => sum + one + 3, 0)
  const room = look.columns === undefined ? Infinity : Math.max(16, look.columns - before - 1)
  const line = (cells: readonly string[], paint: (nth: number, text: string) => string): string =>
    cells.map((text, nth) => {
      const last = nth === cells.length - 1
      const kept = last ? cut(text, room) : text
      const padding = ' '.repeat(Math.max(0, widths[nth]! - width(kept)))
      const painted = paint(nth, kept)
      return shown[nth]!.right ? padding + painted : last ? painted : painted + padding
    }).join('   ').trimEnd()
  return [
    line(shown.map((column) => column.head), (_, text) => look.paint('bold', text)),
    ...texts.map((cells, at) => line(cells, (nth, text) => {
      const colour = text === '-' ? undefined : shown[nth]!.colour?.(rows[at]!, text)
      return colour === undefined ? text : look.paint(colour, text)
    })),
  ]
}

function cellText(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined || value === '') return '-'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return plain(String(value))
}

/** Columns a text takes: wide East Asian characters and emoji take two, marks take none. */
export function width(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let sum = 0
  for (const char of text) {
    const code = char.codePointAt(0)!
    if (/\p{Mark}/u.test(char) || code === 0x200d) continue
    const wide = (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) || (code >= 0xac00 && code <= 0xd7a3) ||
      (code >= 0xf900 && code <= 0xfaff) || (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60) || (code >= 0xffe0 && code <= 0xffe6) || code >= 0x1f300
    sum += wide ? 2 : 1
  }
  return sum
}

export function cut(text: string, room: number): string {
  if (width(text) <= room) return text
  let kept = ''
  let used = 0
  for (const char of text) {
    used += width(char)
    if (used > room - 1) break
    kept += char
  }
  return `${kept}…`
}
