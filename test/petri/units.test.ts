import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { duration, formatDuration } from '../../petri/duration.js'
import { frequency } from '../../petri/frequency.js'
import { matchesGlob } from '../../petri/glob.js'
import { formatSize, size } from '../../petri/size.js'

describe('durations', () => {
  it.each([['500ms', 500], ['30s', 30_000], ['5m', 300_000], ['2h', 7_200_000], ['7d', 604_800_000], ['0s', 0]])('%s is %i ms', (text, ms) => {
    expect(duration(text)).toBe(ms)
  })

  it.each(['', '5', 'm', '5 m', '-5m', '1.5h', '5M', '5w', '$.at', '999999999999999d'])('%j is none', (text) => {
    expect(duration(text)).toBeUndefined()
  })

  it('are written in the largest unit that is exact, and read back', () => {
    expect([90_000, 7_200_000, 1, 0].map(formatDuration)).toEqual(['90s', '2h', '1ms', '0ms'])
    fc.assert(fc.property(fc.nat(), (ms) => duration(formatDuration(ms)) === ms))
  })
})

describe('sizes', () => {
  it.each([[64, 64], ['0B', 0], ['64KiB', 65_536], ['8MiB', 8_388_608], ['1GiB', 2 ** 30]] as const)('%s is %i bytes', (text, bytes) => {
    expect(size(text)).toBe(bytes)
  })

  it.each(['', '64', '64KB', '1.5MiB', '-1B', -1, 0.5, '999999999999999GiB'])('%j is none', (text) => {
    expect(size(text)).toBeUndefined()
  })

  it('are written in the largest unit that is exact, and read back', () => {
    fc.assert(fc.property(fc.nat(), (bytes) => size(formatSize(bytes)) === bytes))
  })
})

describe('rates', () => {
  it.each([['10/m', 10, 60_000], ['500/h', 500, 3_600_000], ['10m/d', 10_000_000, 86_400_000], ['2k/10s', 2_000, 10_000], ['0/s', 0, 1_000]])('%s is %i in %i ms', (text, limit, window) => {
    expect(frequency(text)).toEqual({ limit, window })
  })

  it.each(['', '10', '10/', '/m', '10/w', '10g/d', '10/0s', '1.5/m'])('%j is none', (text) => {
    expect(frequency(text)).toBeUndefined()
  })
})

describe('globs', () => {
  it.each([['demo', 'demo'], ['*', ''], ['*', 'demo'], ['demo-*', 'demo-1'], ['*-demo', 'my-demo'], ['a*b*c', 'a-b-b-c'], ['a*', 'a']])('%s fits %j', (glob, name) => {
    expect(matchesGlob(glob, name)).toBe(true)
  })

  it.each([['demo', 'demos'], ['demo-*', 'demo'], ['a*a', 'a'], ['a*b*c', 'acb'], ['d.mo', 'demo'], ['', 'demo']])('%j does not fit %j', (glob, name) => {
    expect(matchesGlob(glob, name)).toBe(false)
  })
})
