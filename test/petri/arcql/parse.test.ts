import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileCondition, conditionJoins, conditionRoots } from '../../../petri/arcql/evaluate.js'
import { parseCondition, parseOrder, parsePath, parseQuery } from '../../../petri/arcql/parse.js'
import { printPath } from '../../../petri/arcql/path.js'
import { printCondition, printOrder, printQuery } from '../../../petri/arcql/print.js'
import type { Json } from '../../../petri/json.js'
import type { Parsed } from '../../../petri/parsed.js'
import { randomCondition, randomData, randomOrder, randomPath, randomValue } from './random.js'

function taken<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new Error(`${parsed.message}; ${parsed.remedy}`)
  return parsed.value
}

const META = { id: '1-0' }

describe('a condition that is none', () => {
  it.each([
    ['', 'the end stands where a JSON value is expected', 'texts stand in double quotes, numbers, true, false and null bare', 0],
    ['$.a = 1', '= is no operator', 'write == to compare', 4],
    ['$.a == 1 && $.b == 2', '&& is no operator', 'write AND', 9],
    ['$.a == 1 || $.b == 2', '|| is no operator', 'write OR', 9],
    ['$.a == 1 and $.b == 2', '"and" stands where the end is expected', 'write AND in capitals', 9],
    ['$.a == 1 ADN $.b == 2', '"ADN" stands where the end is expected', 'did you mean AND?', 9],
    ["$.a == 'x'", "a text stands in ''", 'JSON texts stand in double quotes: "text"', 7],
    ['ip == 1', '"ip" stands where a value is expected', 'a path is written $.ip, a text "ip", a variable ${ip}', 0],
    ['$.a == b', '"b" stands where a value is expected', 'a path is written $.b, a text "b", a variable ${b}', 7],
    ['$.done', 'a value alone is no condition', 'compare it: == true, or EXISTS $.p', 0],
    ['$.a LIKE "x"', 'LIKE is no operator', 'write CONTAINS, STARTS WITH or MATCHES /re/', 4],
    ['$.a IS NULL', 'IS is no operator', 'write == null, or NOT EXISTS $.p for a path that is missing', 4],
    ['$.a NOT IN [1]', 'NOT stands before the operator', 'put it before the whole comparison: NOT $.a IN [1, 2]', 4],
    ['$.a CONTAINZ 1', '"CONTAINZ" is no operator', 'did you mean CONTAINS?', 4],
    ['$.a STARTS "x"', '"\\"" follows STARTS', 'write STARTS WITH', 11],
    ['$.a IN [1, 2', 'the end stands where ] is expected', 'end the list with ]', 12],
    ['($.a == 1', 'a parenthesis is not closed', 'close it', 0],
    ['$.a == 1)', 'a parenthesis is closed that was not opened', 'take it away, or open it', 8],
    ['$.a == ', 'the end stands where a JSON value is expected', 'texts stand in double quotes, numbers, true, false and null bare', 7],
    ['$.a == 1 $.b', '"$" stands where the end is expected', 'join conditions with AND or OR', 9],
    ['$a == 1', '"$a" is no path', 'a path begins with $. (the data) or $_. (the _meta)', 0],
    ['$.a.0 == 1', '"0" is no key after the dot', 'write an index as [0] and a key of other signs as ["odd key"]', 4],
    ['$.a MATCHES /(/', 'RE2 refuses the pattern /(/: missing closing ): `(`', 'write it in RE2 syntax; (?i) at the start ignores case, (?s) lets a dot match a line break', 12],
    ['$.a MATCHES "(a)\\\\1"', 'RE2 refuses the pattern /(a)\\1/: invalid escape sequence: `\\1`', 'RE2 has no back-references: take both parts as groups and compare them', 12],
    ['$.a MATCHES 5', 'MATCHES takes a pattern', 'write it as /re/ or "re"', 12],
    ['$.a == /x/', 'a pattern stands where a value is expected', 'patterns follow MATCHES', 7],
    ['$.a == ${_firing.id}', '_firing is no root in a condition', 'what a binding depends on stands in tokens; _firing is for templates', 7],
    ['$.a == ${hit.ip | uper}', 'there is no function "uper"', 'did you mean upper?', 18],
    ['$.a == {"k": 1, "k": 2}', 'the key "k" stands twice', 'keep one of the two', 16],
    ['$.a == 9007199254740993', 'the number 9007199254740993 would change in a double', 'send it as text', 7],
    ['EXISTS ip', '"ip" stands where a path is expected', 'write it as $.name', 7],
    ['$.a == 1 WITH "x"', 'WITH stands alone', 'write STARTS WITH', 9],
    ['$.a matches /x/', '"matches" is no operator', 'write MATCHES in capitals', 4],
  ])('%s', (text, message, remedy, offset) => {
    expect(parseCondition(text)).toEqual({ ok: false, message, remedy, offset })
  })

  it.each([
    ['1 MB of it', `$.a == 1${' OR $.a == 1'.repeat(90_000)}`, 'the text has 1080008 characters, and 65536 are allowed'],
    ['parentheses without end', '('.repeat(60_000), 'the condition is nested over 64 levels'],
    ['NOT without end', 'NOT '.repeat(15_000), 'the condition is nested over 64 levels'],
    ['lists without end', `$.a == ${'['.repeat(60_000)}`, 'the value is nested over 64 levels'],
    ['steps without end', `$${'.a'.repeat(30_000)} == 1`, 'the path has over 64 steps'],
    ['a long pattern', `$.a MATCHES /${'a'.repeat(1_001)}/`, 'the pattern has 1001 characters, and 1000 are allowed'],
    ['an exploding pattern', '$.a MATCHES /((a{1,1000}){1,1000}){1,1000}/', 'the pattern /((a{1,1000}){1,1000}){1,1000}/ is compiled to over 1000 steps'],
  ])('%s ends in a sentence', (_, text, message) => {
    expect(parseCondition(text)).toMatchObject({ ok: false, message })
  })

  it('is never an exception, whatever the text', () => {
    const piece = fc.constantFrom('$', '.a', '$.a', '$_', '[0]', '==', '<', 'AND', 'OR', 'NOT', 'IN', '[', ']', '(', ')', '"', '"x"', '1', '-', '${', '}', 'x', '|', 'MATCHES', '/', '\\', 'EXISTS', 'STARTS', 'WITH', '\n', '😀', 'ORDER', 'BY', 'LIMIT', 'WHERE')
    fc.assert(fc.property(fc.array(piece, { maxLength: 15 }), fc.string({ unit: 'binary', maxLength: 5 }), (pieces, rest) => {
      for (const text of [pieces.join(' '), pieces.join(''), `${pieces.join(' ')}${rest}`]) {
        for (const parse of [parseCondition, parseOrder, parseQuery, parsePath]) {
          const parsed = parse(text)
          if (!parsed.ok) expect(parsed.offset).toBeLessThanOrEqual(text.length)
        }
      }
    }), { numRuns: 400 })
  })
})

describe('a condition', () => {
  it('prints to a text that parses to the same', () => {
    fc.assert(fc.property(randomCondition, randomData, randomValue, (text, data, x) => {
      const condition = taken(parseCondition(text))
      const printed = printCondition(condition)
      const again = taken(parseCondition(printed))
      expect(printCondition(again)).toBe(printed)
      const subject = { data, meta: () => META }
      const roots = (name: string): Json | undefined => (name === 'x' ? x : undefined)
      expect(compileCondition(again)(subject, roots)).toBe(compileCondition(condition)(subject, roots))
    }), { numRuns: 1_000 })
  })

  it('always has an answer, and NOT turns it round', () => {
    fc.assert(fc.property(randomCondition, randomData, randomValue, (text, data, x) => {
      const ask = (asked: string): boolean => compileCondition(taken(parseCondition(asked)))({ data, meta: () => META }, (name) => (name === 'x' ? x : undefined))
      expect(ask(`NOT (${text})`)).toBe(!ask(text))
    }), { numRuns: 1_000 })
  })

  it('tells the roots it reads and the joins it makes', () => {
    const condition = taken(parseCondition('$.ip == ${hit.ip} AND ($.n > ${seen.n} OR $.n == ${other.n}) AND ${hit.day | slice(0, 10)} == $.day AND $_.correlationId == ${hit.id} AND $.a == ${x.a | default(y.b)} AND $.b != ${hit.b}'))
    expect([...conditionRoots(condition)]).toEqual(['hit', 'seen', 'other', 'x', 'y'])
    expect(conditionJoins(condition).map((join) => [printPath(join.path), join.template.source, join.root])).toEqual([
      ['$.ip', '${hit.ip}', 'hit'],
      ['$.day', '${hit.day | slice(0, 10)}', 'hit'],
    ])
    expect(conditionJoins(taken(parseCondition('NOT $.ip == ${hit.ip}')))).toEqual([])
  })

  it('hears of patterns from data that RE2 refuses', () => {
    const heard: string[] = []
    const test = compileCondition(taken(parseCondition('$.text MATCHES $.pattern')), (pattern, reason) => heard.push(pattern, reason))
    expect(test({ data: { text: 'a', pattern: '(?=a)' }, meta: () => META }, () => undefined)).toBe(false)
    expect(heard).toEqual(['(?=a)', 'RE2 refuses the pattern /(?=a)/: invalid or unsupported Perl syntax: `(?=`'])
  })

  it('takes a hostile pattern in linear time', () => {
    const test = compileCondition(taken(parseCondition('$.text MATCHES /^(a+)+$/')))
    expect(test({ data: { text: `${'a'.repeat(100_000)}b` }, meta: () => META }, () => undefined)).toBe(false)
  })
})

describe('paths, orders and queries', () => {
  it('print to what they were', () => {
    fc.assert(fc.property(randomPath, randomOrder, (path, order) => {
      expect(parsePath(printPath(taken(parsePath(path))))).toEqual(parsePath(path))
      expect(parseOrder(printOrder(taken(parseOrder(order))))).toEqual(parseOrder(order))
    }))
    const text = 'WHERE $.a == 1 OR EXISTS $.b ORDER BY $.n DESC, $["odd key"] LIMIT 10'
    expect(printQuery(taken(parseQuery(`FROM $ ${text.replace('["odd key"]', '["odd key"] ASC')}`)))).toBe(text)
    expect(parseQuery('')).toEqual({ ok: true, value: { where: undefined, order: [], limit: undefined } })
  })

  it.each([
    ['FROM $.a', 'FROM takes $ alone'], ['LIMIT 0', 'LIMIT takes a whole number from 1 to 1,000,000'], ['LIMIT 1.5', 'LIMIT takes a whole number from 1 to 1,000,000'], ['LIMIT ten', 'LIMIT takes a whole number from 1 to 1,000,000'],
    ['ORDER $.a', '"$" follows ORDER'], ['ORDER BY a', '"a" stands where a path is expected'], ['LIMIT 5 WHERE $.a == 1', '"WHERE" stands where the end is expected'], ['$.a == 1', '"$" stands where the end is expected'],
  ])('%s is refused', (text, message) => {
    expect(parseQuery(text)).toMatchObject({ ok: false, message })
  })
})
