import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePattern, type Pattern } from '../../petri/pattern.js'

function pattern(source: string): Pattern {
  const parsed = parsePattern(source)
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.value
}

describe('a pattern', () => {
  it('finds what a backtracking engine finds, where that one is right too', () => {
    const piece = fc.constantFrom('a', 'b', '.', 'a*', 'b+', '(?:ab)?', '[ab]', '[^a]', '^', '$', 'a|b', '(?:a|ab)c?')
    fc.assert(fc.property(fc.array(piece, { minLength: 1, maxLength: 4 }), fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 }), (pieces, text) => {
      const source = pieces.join('')
      const native = new RegExp(source, 'u')
      expect(pattern(source).test(text)).toBe(native.test(text))
      expect(pattern(source).replace(text, '<$1>', 1_000)).toBe(text.replaceAll(new RegExp(source, 'gu'), () => '<$1>'))
      const named = new RegExp(`(?<x>${source})`, 'gu')
      expect(pattern(`(?<x>${source})`).matchAll(text)).toEqual([...text.matchAll(named)].map((found) => ({ x: found.groups!['x'] })))
    }), { numRuns: 1_000 })
  })

  it('keeps a group called __proto__ a key', () => {
    const groups = pattern('(?<__proto__>a)(?<b>b)?').match('a')!
    expect(Object.entries(groups)).toEqual([['__proto__', 'a'], ['b', null]])
    expect(Object.getPrototypeOf(groups)).toBe(Object.prototype)
    expect(pattern('(?<b>x)(?<a>y)').groups).toEqual(['a', 'b'])
  })

  it('is linear in the text', () => {
    for (const source of ['^(a+)+$', '(a|aa)+$', '(.*a){20}$', '([a-z]+)*\\d']) expect(pattern(source).test(`${'a'.repeat(100_000)}!`)).toBe(false)
  })

  it('stops replacing before the text outgrows its limit', () => {
    expect(pattern('a').replace('a'.repeat(1_000), 'b'.repeat(1_000), 5_000)).toBeUndefined()
    expect(pattern('a').replace('aXa', '', 10)).toBe('X')
  })

  it('is compiled once and forgotten when many others came', () => {
    expect(pattern('once')).toBe(pattern('once'))
    for (let other = 0; other < 1_000; other++) parsePattern(`other${other}`)
    expect(pattern('once').test('once')).toBe(true)
  })

  it.each([
    ['(?=a)', 'RE2 refuses the pattern /(?=a)/: invalid or unsupported Perl syntax: `(?=`', 'RE2 has no look-around: match more and check the rest with a second condition'],
    ['(?<!a)b', 'RE2 refuses the pattern /(?<!a)b/: invalid named capture: `(?<!a)b`', 'RE2 has no look-around: match more and check the rest with a second condition'],
    ['(a)\\1', 'RE2 refuses the pattern /(a)\\1/: invalid escape sequence: `\\1`', 'RE2 has no back-references: take both parts as groups and compare them'],
    ['[', 'RE2 refuses the pattern /[/: missing closing ]: `[`', 'write it in RE2 syntax; (?i) at the start ignores case, (?s) lets a dot match a line break'],
    ['('.repeat(1_000), `RE2 refuses the pattern /${'('.repeat(80)}.../: missing closing ): \`${'('.repeat(60)}...`, 'write it in RE2 syntax; (?i) at the start ignores case, (?s) lets a dot match a line break'],
    ['a'.repeat(1_001), 'the pattern has 1001 characters, and 1000 are allowed', 'shorten it, or use several patterns'],
  ])('refuses %s', (source, message, remedy) => {
    expect(parsePattern(source)).toEqual({ ok: false, message, remedy, offset: 0 })
  })
})
