import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareTexts, compareValues, compileOrder, equalValues } from '../../../petri/arcql/order.js'
import { parseOrder } from '../../../petri/arcql/parse.js'
import { canonicalText } from '../../../petri/canonical.js'
import type { Json } from '../../../petri/json.js'
import { randomValue } from './random.js'

describe("ArcQL's order", () => {
  it('puts missing, null, false, true, numbers, texts, lists and objects in this order', () => {
    const values: (Json | undefined)[] = [undefined, null, false, true, -1e308, 0, 1, '', 'Z', 'a', '\uE000', '\uFFFD', '😀', [], {}]
    const shuffled = [...values].reverse().slice(0, -1)
    // Array.prototype.sort puts undefined last by itself, so it is compared alone
    expect(shuffled.sort(compareValues)).toEqual(values.slice(1))
    for (const value of values.slice(1)) expect(compareValues(undefined, value)).toBeLessThan(0)
  })

  it('compares texts by code point, as their UTF-8 bytes do', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\u00e9', '\ud7ff', '\ue000', '\uffff', '😀', '𐀀'), maxLength: 4 })
    fc.assert(fc.property(text, text, (a, b) => {
      expect(Math.sign(compareTexts(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))))
    }), { numRuns: 1_000 })
  })

  it('knows equal values by their canonical texts', () => {
    fc.assert(fc.property(randomValue, randomValue, (a, b) => {
      expect(equalValues(a, b)).toBe(canonicalText(a) === canonicalText(b))
      expect(equalValues(a, JSON.parse(canonicalText(a)) as Json)).toBe(true)
    }), { numRuns: 1_000 })
  })

  it('turns round with DESC and leaves ties to arrival', () => {
    const order = parseOrder('$.p DESC, $_.at')
    if (!order.ok) throw new Error(order.message)
    const rows = [{ p: 1, n: 'a', at: 2 }, { p: 2, n: 'b', at: 1 }, { n: 'c', at: 1 }, { p: 2, n: 'd', at: 0 }, { p: 1, n: 'e', at: 2 }]
    const sorted = rows.map((data) => ({ data: data as Json, meta: (): Json => ({ at: data.at }), n: data.n })).sort(compileOrder(order.value))
    expect(sorted.map((row) => row.n).join('')).toBe('dbaec')
  })
})
