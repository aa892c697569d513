import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTime } from '../../petri/time.js'

describe('parseTime', () => {
  it('reads back what toISOString writes', () => {
    fc.assert(fc.property(fc.date({ min: new Date('0000-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }), (date) => {
      expect(parseTime(date.toISOString())).toBe(date.getTime())
    }))
  })

  it.each([
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31T08:30Z', '2026-01-31T08:30:00.000Z'],
    ['2026-01-31 08:30:15.123456+02:00', '2026-01-31T06:30:15.123Z'],
    ['2026-01-01T00:30:00-0130', '2026-01-01T02:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ])('%s is %s', (text, iso) => {
    expect(new Date(parseTime(text)!).toISOString()).toBe(iso)
  })

  it.each(['2026-02-29', '2026-13-01', '2026-00-10', '2026-01-31T08:30:00', '2026-01-31T24:00:00Z', '2026-01-31T08:60Z', '2026-01-31T08:30:60Z', '2026-01-31T08:30:00+24:00', '20260131', 'Jan 31 2026', '', '2026-01-31T08:30:00Z\n'])('%j is no time', (text) => {
    expect(parseTime(text)).toBeUndefined()
  })
})
