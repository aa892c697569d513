import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitAnswer, MOST_BYTES } from '../../../../controller/api/tools/fit-answer.js'
import type { Json } from '../../../../petri/json.js'

const bytes = (value: Json): number => Buffer.byteLength(JSON.stringify(value))

describe('an answer', () => {
  it('that fits is left as it is', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      fc.pre(bytes(value as Json) <= MOST_BYTES)
      expect(fitAnswer(value as Json)).toBe(value)
    }))
  })

  it('of any size comes within 64 KiB, and says that it was cut', () => {
    const large = fc.record({
      texts: fc.array(fc.integer({ min: 0, max: 30_000 }).map((length) => 'é'.repeat(length)), { maxLength: 8 }),
      list: fc.integer({ min: 0, max: 5_000 }).map((length) => Array.from({ length }, (_, nth) => ({ nth, text: 'some text' }))),
      keys: fc.integer({ min: 0, max: 4_000 }).map((length) => Object.fromEntries(Array.from({ length }, (_, nth) => [`key-${nth}`, nth]))),
    })
    fc.assert(fc.property(large, (value) => {
      const fitted = fitAnswer(value)
      expect(bytes(fitted)).toBeLessThanOrEqual(MOST_BYTES)
      if (bytes(value) > MOST_BYTES) expect(fitted).toHaveProperty('cut')
    }), { numRuns: 15 })
  })
})
