import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add, divide, multiply, remainder, type Result, round, subtract } from '../../petri/decimal.js'

/** A fraction of whole numbers: arithmetic that cannot be wrong, however slow. */
interface Fraction {
  readonly top: bigint
  readonly bottom: bigint
}

function fraction(value: number): Fraction {
  const [mantissa, exponent] = value.toString().split('e') as [string, string | undefined]
  const [whole, part = ''] = mantissa.split('.') as [string, string | undefined]
  const power = Number(exponent ?? 0) - part.length
  const digits = BigInt(whole + part)
  return power >= 0 ? { top: digits * 10n ** BigInt(power), bottom: 1n } : { top: digits, bottom: 10n ** BigInt(-power) }
}

/** The rule of LANGUAGE.md: a whole number exactly, to 2^53-1; anything else to 15 digits, half away from zero. */
function ruled({ top, bottom }: Fraction): Result {
  if (bottom < 0n) return ruled({ top: -top, bottom: -bottom })
  if (top % bottom === 0n) {
    const whole = top / bottom
    return whole > 9007199254740991n || whole < -9007199254740991n ? 'too-large' : Number(whole)
  }
  const size = top < 0n ? -top : top
  let places = 0
  // the scale at which 15 digits stand before the point
  while (size * 10n ** BigInt(Math.max(0, places)) < 10n ** 14n * bottom * 10n ** BigInt(Math.max(0, -places))) places++
  while (size * 10n ** BigInt(Math.max(0, places)) >= 10n ** 15n * bottom * 10n ** BigInt(Math.max(0, -places))) places--
  const scaledTop = size * 10n ** BigInt(Math.max(0, places))
  const scaledBottom = bottom * 10n ** BigInt(Math.max(0, -places))
  const digits = (scaledTop * 2n + scaledBottom) / (scaledBottom * 2n)
  const value = Number(`${top < 0n ? '-' : ''}${digits}e${-places}`) + 0
  return Math.abs(value) > Number.MAX_SAFE_INTEGER ? 'too-large' : value
}

const money = fc.tuple(fc.integer({ min: -10_000_000, max: 10_000_000 }), fc.constantFrom(0, 1, 2, 3, 6)).map(([digits, places]) => Number(`${digits}e-${places}`) + 0)
const any = fc.oneof(
  money, fc.integer({ min: -20, max: 20 }), fc.maxSafeInteger(), fc.constantFrom(0.1, 0.2, 1.1, 1e-300, 5e-324, 1e15, 999999999999999.9, 4503599627370496.5, 1e300),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
)

describe('decimal arithmetic', () => {
  it('is what paper says', () => {
    expect([multiply(10, 1.1), add(0.1, 0.2), subtract(1.1, 1), divide(1, 3), divide(2, 3), divide(1, 8), add(9007199254740990, 1)]).toEqual([11, 0.3, 0.1, 0.333333333333333, 0.666666666666667, 0.125, 9007199254740991])
    expect([add(9007199254740991, 1), multiply(1e200, 1e200), divide(1, 0), subtract(-9007199254740991, 1)]).toEqual(['too-large', 'too-large', 'by-zero', 'too-large'])
    expect([round(2.5, 0), round(-2.5, 0), round(1.005, 2), round(1.15, 1), round(0.05, 0), round(123, 2)]).toEqual([3, -3, 1.01, 1.2, 0, 123])
  })

  it('agrees with exact fractions', () => {
    fc.assert(fc.property(any, any, (a, b) => {
      const x = fraction(a)
      const y = fraction(b)
      expect(add(a, b)).toBe(ruled({ top: x.top * y.bottom + y.top * x.bottom, bottom: x.bottom * y.bottom }))
      expect(subtract(a, b)).toBe(ruled({ top: x.top * y.bottom - y.top * x.bottom, bottom: x.bottom * y.bottom }))
      expect(multiply(a, b)).toBe(ruled({ top: x.top * y.top, bottom: x.bottom * y.bottom }))
      if (b === 0) expect(divide(a, b)).toBe('by-zero')
      else expect(divide(a, b)).toBe(ruled({ top: x.top * y.bottom, bottom: x.bottom * y.top }))
    }), { numRuns: 2_000 })
  })

  it('never gives -0', () => {
    expect(Object.is(multiply(-1, 0), 0) && Object.is(add(-0, -0), 0) && Object.is(divide(0, -5), 0) && Object.is(round(-0.1, 0), 0) && Object.is(subtract(0, 0), 0)).toBe(true)
  })

  it('knows multiples', () => {
    expect([remainder(0.3, 0.1), remainder(19.99, 0.01), remainder(1e300, 0.01), remainder(7, 2), remainder(-7, 7), remainder(0.35, 0.1)]).toEqual([0, 0, 0, 1, 0, 0.05])
  })
})
