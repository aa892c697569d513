import fc from 'fast-check'
import { RE2JS } from 're2js'
import { describe, expect, it } from 'vitest'
import { parsePattern, type Pattern } from '../../petri/pattern.js'
import { patternSize } from '../../petri/pattern-size.js'

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

  it('knows its size before it is compiled', () => {
    const leaf = fc.constantFrom('a', '.', '[a-z]', '[^]]', '[]a]', '\\d', '\\pL', '\\p{Greek}', '\\x{e9}', '\\.', '[[:alpha:]]')
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof({ maxDepth: 3 }, leaf, fc.tuple(tie('tree'), tie('tree')).map((parts) => parts.join('')), fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `(${a}|${b})`), fc.tuple(tie('tree'), fc.constantFrom('*', '+', '?', '{3}', '{2,5}', '{4,}')).map(([inner, count]) => `(?:${inner})${count}`)),
    }))
    fc.assert(fc.property(tree, (source) => {
      fc.pre(source.length < 400)
      const steps = RE2JS.compile(source).programSize()
      expect(patternSize(source) * 3 + 10).toBeGreaterThan(steps)
    }), { numRuns: 500 })
    expect(patternSize('(a{30}){30}')).toBeGreaterThan(900)
    expect(patternSize('\\Q((((((\\E')).toBeLessThan(20)
  })

  it('is not asked of a text too long for its size', () => {
    const large = pattern('[a-z]{900}$')
    const text = 'A'.repeat(1_000_000)
    expect([large.overworked('A'), large.overworked(text), large.test(text), large.match(text), large.matchAll(text), large.replace(text, '', 10)]).toEqual([false, true, false, null, [], text])
    expect(pattern('Failed password for (?<user>\\S+)').overworked('A'.repeat(1_000_000))).toBe(false)
  })

  it.each([
    ['(?=a)', 'RE2 refuses the pattern /(?=a)/: invalid or unsupported Perl syntax: `(?=`', 'RE2 has no look-around: match more and check the rest with a second condition'],
    ['(?<!a)b', 'RE2 refuses the pattern /(?<!a)b/: invalid named capture: `(?<!a)b`', 'RE2 has no look-around: match more and check the rest with a second condition'],
    ['(a)\\1', 'RE2 refuses the pattern /(a)\\1/: invalid escape sequence: `\\1`', 'RE2 has no back-references: take both parts as groups and compare them'],
    ['[', 'RE2 refuses the pattern /[/: missing closing ]: `[`', 'write it in RE2 syntax; (?i) at the start ignores case, (?s) lets a dot match a line break'],
    ['('.repeat(1_000), `RE2 refuses the pattern /${'('.repeat(80)}.../: missing closing ): \`${'('.repeat(60)}...`, 'write it in RE2 syntax; (?i) at the start ignores case, (?s) lets a dot match a line break'],
    ['\\u00e9', 'RE2 refuses the pattern /\\u00e9/: invalid escape sequence: `\\u`', 'RE2 writes \\x{e9} for \\u00e9; the sign itself may stand too'],
    ['.{1000}'.repeat(140), `the pattern /${'.{1000}'.repeat(12).slice(0, 80)}.../ is compiled to over 1000 steps`, 'count less: write * or + in place of {1,1000}, and ask for the length apart'],
    [`(${'a'.repeat(900)}){999}`, `the pattern /(${'a'.repeat(79)}.../ is compiled to over 1000 steps`, 'count less: write * or + in place of {1,1000}, and ask for the length apart'],
    ['(?:[a-z]{10}x){99}', 'the pattern /(?:[a-z]{10}x){99}/ is compiled to over 1000 steps', 'count less: write * or + in place of {1,1000}, and ask for the length apart'],
    ['a'.repeat(1_001), 'the pattern has 1001 characters, and 1000 are allowed', 'shorten it, or use several patterns'],
  ])('refuses %s', (source, message, remedy) => {
    expect(parsePattern(source)).toEqual({ ok: false, message, remedy, offset: 0 })
  })
})
