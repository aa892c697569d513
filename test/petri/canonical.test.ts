import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { admit, admitText, boundedText, canonicalText, canonicalValue, Oversize, utf8Length } from '../../petri/canonical.js'
import type { Json } from '../../petri/json.js'
import { randomValue } from './arcql/random.js'

/** What RFC 8785 says, word for word: sorted by UTF-16 units, everything else as JSON.stringify writes it. */
function slowly(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(slowly).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => `${JSON.stringify(key)}:${slowly(inner)}`).join(',')}}`
}

const ADMITTED = { ok: true } as const

describe('canonicalText', () => {
  it('is what RFC 8785 says', () => {
    fc.assert(fc.property(fc.oneof(randomValue, fc.jsonValue() as fc.Arbitrary<Json>), (value) => {
      expect(canonicalText(value)).toBe(slowly(value))
    }), { numRuns: 2_000 })
  })

  it('sorts keys that look like numbers as texts and writes -0 as 0', () => {
    expect(canonicalText({ 9: -0, 10: 1, a: { '': null, B: [] } })).toBe('{"10":1,"9":0,"a":{"":null,"B":[]}}')
  })

  it('is the same text after any number of readings', () => {
    fc.assert(fc.property(randomValue, (value) => {
      const text = canonicalText(value)
      expect(canonicalText(JSON.parse(text) as Json)).toBe(text)
      expect(admitText(text)).toEqual({ ok: true, value: canonicalValue(value), text })
    }))
  })
})

describe('boundedText', () => {
  it('is canonicalText for what is small enough', () => {
    fc.assert(fc.property(randomValue, (value) => {
      expect(boundedText(value, 1_000_000)).toBe(canonicalText(value))
    }))
  })

  it('refuses what grew too deep or too long, before it fills the memory', () => {
    const nested = (levels: number): Json => JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as Json
    expect(boundedText(nested(64), 1_000)).toHaveLength(128)
    expect(() => boundedText(nested(65), 1_000)).toThrow(Oversize)
    let doubled: Json = 'x'.repeat(1_000)
    for (let times = 0; times < 60; times++) doubled = [doubled, doubled]
    expect(() => boundedText(doubled, 1_000_000)).toThrow(/more than 1000000 characters/)
  })
})

describe('admitText', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(fc.property(fc.jsonValue({ stringUnit: 'grapheme' }) as fc.Arbitrary<Json>, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent)
      if (text.includes('\\u0000')) return
      const admitted = admitText(text)
      expect(admitted).toMatchObject(ADMITTED)
      expect(admitted.ok && admitted.value).toEqual(canonicalValue(JSON.parse(text) as Json))
    }))
  })

  it('refuses whatever JSON.parse refuses', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'{}[],:"\\u0123.eE+-truefalsn \n/*\'') }), (text) => {
      let value: Json | undefined
      try {
        value = JSON.parse(text) as Json
      } catch {
        value = undefined
      }
      if (value === undefined) expect(admitText(text)).toMatchObject({ ok: false, code: 'not-json' })
    }), { numRuns: 3_000 })
  })

  it.each([
    ['{"a": 1, "a": 2}', 'the key "a" stands twice (at character 10)', 'keep one of the two'],
    ['{"\\u0061": 1, "a": 2}', 'the key "a" stands twice (at character 15)', 'keep one of the two'],
    ['9007199254740993', 'the number 9007199254740993 would change in a double (at character 1)', 'send it as text'],
    ['[0.1000000000000000055]', 'the number 0.1000000000000000055 would change in a double (at character 2)', 'send it as text'],
    ['1e400', 'the number 1e400 would change in a double (at character 1)', 'send it as text'],
    ['1e-400', 'the number 1e-400 would change in a double (at character 1)', 'send it as text'],
    ['01', '01 is no JSON number (at character 1)', 'write it as -12, 0.5 or 1e9'],
    ['"\\ud800"', 'a text holds half of a surrogate pair (at character 1)', 'send well-formed Unicode, or the bytes as base64'],
    ['{"\\u0000": 1}', 'a text holds U+0000 (at character 2)', 'leave the character out, or send the bytes as base64'],
    ['"a\tb"', 'a text holds the control character U+0009 (at character 3)', 'write it as an escape, such as \\n or \\t'],
    ['"a', 'a text is not closed (at character 1)', 'end it with a double quote'],
    ['', 'the end stands where a JSON value is expected (at character 1)', 'texts stand in double quotes, numbers, true, false and null bare'],
    ['{a: 1}', '"a" stands where a key in double quotes is expected (at character 2)', 'texts stand in double quotes, numbers, true, false and null bare'],
    ['[1] x', 'there is "x" after the JSON value (at character 5)', 'send one JSON value'],
    ['NaN', '"NaN" stands where a JSON value is expected (at character 1)', 'texts stand in double quotes, numbers, true, false and null bare'],
  ])('refuses %s', (text, message, remedy) => {
    expect(admitText(text)).toEqual({ ok: false, code: 'not-json', message, remedy })
  })

  it.each([
    ['1.0', 1], ['-0', 0], ['-0.000e5', 0], ['1E2', 100], ['100000000000000000000000', 1e23], ['9007199254740994', 9007199254740994], ['0.1', 0.1], ['0.10000000000000000', 0.1],
    ['5e-324', 5e-324], ['1.7976931348623157e308', Number.MAX_VALUE], ['123456789012345680000', 123456789012345680000],
  ])('takes the number %s, which a double carries', (text, value) => {
    const admitted = admitText(text)
    expect(admitted.ok && Object.is(admitted.value, value)).toBe(true)
  })

  it('takes 64 levels and refuses 65, and 100,000 too', () => {
    expect(admitText('['.repeat(64) + ']'.repeat(64))).toMatchObject(ADMITTED)
    for (const levels of [65, 100_000]) expect(admitText('['.repeat(levels))).toMatchObject({ ok: false, code: 'too-deep' })
    expect(admitText('{"a":'.repeat(100_000))).toMatchObject({ ok: false, code: 'too-deep' })
  })

  it('measures bytes, not characters', () => {
    expect(admitText('"éé"', 6)).toMatchObject(ADMITTED)
    expect(admitText('"éé"', 5)).toMatchObject({ ok: false, code: 'too-large', message: 'the value is 6 bytes as canonical JSON, and 5 are allowed' })
    expect(admitText(`"${' '.repeat(10_000)}"`, 10)).toMatchObject({ ok: false, code: 'too-large' })
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(utf8Length(text)).toBe(Buffer.byteLength(text))
    }))
  })

  it('keeps a key called __proto__ a key', () => {
    const admitted = admitText('{"__proto__": {"polluted": true}, "a": 1}')
    if (!admitted.ok) throw new Error(admitted.message)
    expect(admitted.text).toBe('{"__proto__":{"polluted":true},"a":1}')
    expect(Object.getPrototypeOf(admitted.value)).toBe(Object.prototype)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  it('is done with a number of a million digits at once', () => {
    expect(admitText(`0.${'0'.repeat(1_000_000)}1`)).toMatchObject({ ok: false, message: 'a number has over 1000 characters (at character 1)' })
    expect(admitText(`1e${'9'.repeat(900)}`)).toMatchObject({ ok: false })
  })
})

describe('admit', () => {
  it('takes what admitText takes of the same value', () => {
    fc.assert(fc.property(randomValue, (value) => {
      expect(admit(value)).toEqual(admitText(JSON.stringify(value)))
    }))
  })

  it.each<[unknown, string]>([
    [undefined, 'the value is undefined, which JSON cannot say'],
    [{ a: [1, Number.NaN] }, 'the value at ["a"][1] is NaN, which JSON cannot say'],
    [{ a: undefined }, 'the value at ["a"] is undefined, which JSON cannot say'],
    [{ a: 1n }, 'the value at ["a"] is a bigint, which JSON cannot say'],
    [[new Date(0)], 'the value at [0] is a Date, which JSON cannot say'],
    [new Map(), 'the value is a Map, which JSON cannot say'],
    [{ 'a\0': 1 }, 'the value at ["a\\u0000"] holds U+0000'],
    ['\udc00', 'the value holds half of a surrogate pair'],
  ])('refuses %s', (value, message) => {
    expect(admit(value)).toMatchObject({ ok: false, code: 'not-json', message })
  })

  it('refuses a ring', () => {
    const ring: { self?: unknown } = {}
    ring.self = ring
    expect(admit(ring)).toMatchObject({ ok: false, code: 'too-deep' })
  })
})
