import { describe, expect, it } from 'vitest'
import { age, duration } from '../../cli/age.js'
import { painter, plain } from '../../cli/paint.js'
import { table, width, type Column } from '../../cli/table.js'

const plainly = painter(false)

describe('a table', () => {
  interface Row { readonly name: string; readonly n: number | null; readonly text: string }
  const columns: Column<Row>[] = [
    { head: 'NAME', cell: (row) => row.name },
    { head: 'N', cell: (row) => row.n, right: true },
    { head: 'MORE', cell: () => 'x', wide: true },
    { head: 'TEXT', cell: (row) => row.text, colour: () => 'red' },
  ]
  const rows = [{ name: 'a', n: 5, text: 'short' }, { name: 'much-longer', n: null, text: '' }, { name: '日本', n: 12345, text: 'a very long text that has no end' }]

  it('lines its columns up, by what a terminal shows', () => {
    expect(table(columns, rows, { wide: false, paint: plainly })).toEqual([
      'NAME              N   TEXT',
      'a                 5   short',
      'much-longer       -   -',
      '日本          12345   a very long text that has no end',
    ])
  })

  it('shows more when wide, and cuts the last column to a terminal', () => {
    expect(table(columns, rows, { wide: true, paint: plainly })[1]).toBe('a                 5   x      short')
    for (const line of table(columns, rows, { wide: false, paint: plainly, columns: 42 })) expect(width(line)).toBeLessThanOrEqual(42)
    expect(table(columns, rows, { wide: false, paint: plainly, columns: 42 })[3]).toContain('…')
  })

  it('paints what stands there, and not what does not', () => {
    const painted = table(columns, rows, { wide: false, paint: painter(true) })
    expect(painted[1]).toContain('\u001b[31mshort\u001b[39m')
    expect(painted[2]).not.toContain('\u001b[31m')
  })
})

describe('ages', () => {
  it('are told as kubectl tells them', () => {
    const second = 1_000
    const rows: [number, string][] = [
      [5, '5ms'], [42 * second, '42s'], [119 * second, '119s'], [312 * second, '5m12s'], [600 * second, '10m'], [3 * 3600 * second, '3h'],
      [(5 * 3600 + 60) * second, '5h1m'], [40 * 3600 * second, '40h'], [3 * 86_400 * second, '3d'], [(3 * 24 + 5) * 3600 * second, '3d5h'], [400 * 86_400 * second, '400d'], [800 * 86_400 * second, '2y'],
    ]
    for (const [ms, text] of rows) expect(duration(ms)).toBe(text)
    expect(age('2026-01-01T00:00:00Z', Date.parse('2026-01-01T00:01:00Z'))).toBe('60s')
    expect([age(null, 0), age('nonsense', 0)]).toEqual(['-', '-'])
  })
})

describe('text from outside', () => {
  it('shows control characters instead of obeying them', () => {
    expect(plain('a\u001b[2Jb\u009bc\u202ed\ne\tf')).toBe('a\\u001b[2Jb\\u009bc\\u202ed⏎e f')
  })
})
