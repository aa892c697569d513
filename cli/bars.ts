import { plain } from './paint.js'
import { width } from './table.js'

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const

interface Row {
  readonly name: string
  readonly value: number
  readonly text: string
}

/** Rows as bars in `room` columns, the greatest value over the whole width; without unicode they are made of `#`. */
export function bars(rows: readonly Row[], room: number, unicode: boolean): { name: string; bar: string; text: string }[] {
  const names = rows.map((row) => plain(row.name))
  const widest = Math.max(0, ...names.map(width))
  const textual = Math.max(0, ...rows.map((row) => row.text.length))
  const cells = Math.max(8, room - widest - textual - 5)
  const greatest = Math.max(1, ...rows.map((row) => row.value))
  return rows.map(({ value, text }, nth) => {
    const eighths = Math.round((value / greatest) * cells * 8)
    // what is not nothing is seen
    const seen = value > 0 ? Math.max(1, eighths) : 0
    const bar = unicode ? '█'.repeat(Math.floor(seen / 8)) + EIGHTHS[seen % 8] : '#'.repeat(Math.ceil(seen / 8))
    return { name: names[nth]! + ' '.repeat(widest - width(names[nth]!)), bar: bar.padEnd(cells), text: text.padStart(textual) }
  })
}
