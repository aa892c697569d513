import { expect, test } from 'vitest'
import { periodOf, windowOf } from '../../petri/period.js'

test('hours, days and months are UTC and end where the next begins', () => {
  const at = new Date('2026-12-31T23:59:59.999Z')
  expect((['hour', 'day', 'month', 'firing'] as const).map((per) => periodOf(per, at))).toEqual([
    { key: '2026-12-31T23', until: new Date('2027-01-01T00:00:00Z') },
    { key: '2026-12-31', until: new Date('2027-01-01T00:00:00Z') },
    { key: '2026-12', until: new Date('2027-01-01T00:00:00Z') },
    { key: 'firing', until: undefined },
  ])
  expect(periodOf('day', new Date('2028-02-29T00:00:00Z'))).toEqual({ key: '2028-02-29', until: new Date('2028-03-01T00:00:00Z') })
})

test('windows of a rate lie side by side', () => {
  expect(windowOf(60_000, new Date('2026-11-28T12:00:59.999Z'))).toEqual({ key: '2026-11-28T12:00:00.000Z', until: new Date('2026-11-28T12:01:00Z') })
  expect(windowOf(60_000, new Date('2026-11-28T12:01:00Z')).key).toBe('2026-11-28T12:01:00.000Z')
})
