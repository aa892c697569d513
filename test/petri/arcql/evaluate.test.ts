import { describe, expect, it } from 'vitest'
import { compileCondition } from '../../../petri/arcql/evaluate.js'
import { parseCondition } from '../../../petri/arcql/parse.js'
import type { Json } from '../../../petri/json.js'

const META = { id: '7-0', place: 'watch/lines', createdAt: '2026-01-31T08:30:00.000Z', correlationId: 'order-1' }
const ROOTS: Readonly<Record<string, Json>> = { hit: { ip: '10.0.0.1', count: 5, nothing: null, tags: ['a', 'b'], pattern: '^10', bad: '(' } }

function holds(text: string, data: Json): boolean {
  const condition = parseCondition(text)
  if (!condition.ok) throw new Error(`${condition.message}; ${condition.remedy}`)
  return compileCondition(condition.value)({ data, meta: () => META }, (name) => (Object.hasOwn(ROOTS, name) ? ROOTS[name] : undefined))
}

const TRUE: readonly [string, Json][] = [
  ['$.n == 1', { n: 1 }],
  ['$.n == 1.0', { n: 1 }],
  ['1 == $.n', { n: 1 }],
  ['$ == {"b": [1, {}], "a": null}', { a: null, b: [1, {}] }],
  ['$.a == null', { a: null }],
  ['$.a != null', { a: 0 }],
  ['$.a != "1"', { a: 1 }],
  ['NOT $.a == 1', {}],
  ['NOT $.a != 1', {}],
  ['EXISTS $.a', { a: null }],
  ['NOT EXISTS $.a.b', { a: null }],
  ['EXISTS $["__proto__"]', JSON.parse('{"__proto__": 1}') as Json],
  ['NOT EXISTS $.constructor', {}],
  ['NOT EXISTS $.length AND NOT EXISTS $.a.length', { a: [1] }],
  ['$.a[1] == 2 AND NOT EXISTS $.a[2] AND NOT EXISTS $.a["0"]', { a: [1, 2] }],
  ['$["odd key"] == $.b', { 'odd key': 'x', b: 'x' }],
  ['$.a < "b" AND $.a < "ab"', { a: 'a' }],
  ['$.emoji > "\uFFFD"', { emoji: '😀' }],
  ['$.n >= 5 AND $.n <= 5 AND NOT $.n < 5', { n: 5 }],
  ['NOT $.n < "9" AND NOT $.n > "9"', { n: 5 }],
  ['NOT $.n <= null AND NOT $.n >= null', { n: null }],
  ['$.a IN [1, null, "x"]', { a: null }],
  ['$.a IN $.b', { a: 1, b: [2, 1] }],
  ['$.a IN [${hit.count}, $.b, {"k": 1}]', { a: { k: 1 } }],
  ['NOT $.missing IN [null]', {}],
  ['$.a CONTAINS "bc"', { a: 'abcd' }],
  ['$.a CONTAINS {"k": [1]}', { a: [0, { k: [1] }] }],
  ['NOT $.a CONTAINS 1', { a: '1' }],
  ['$.a STARTS WITH "ab" AND NOT $.a STARTS WITH "b"', { a: 'abc' }],
  ['$.ip MATCHES /^10\\.0\\.[0-9]+/', { ip: '10.0.12' }],
  ['$.path MATCHES /a\\/b/', { path: 'a/b' }],
  ['$.ip MATCHES "1$"', { ip: '11' }],
  ['$.ip MATCHES ${hit.pattern}', { ip: '10.1' }],
  ['NOT $.ip MATCHES ${hit.bad}', { ip: '10.1' }],
  ['$.ip == ${hit.ip}', { ip: '10.0.0.1' }],
  ['$.n == ${hit.count | add(1)}', { n: 6 }],
  ['NOT $.n == ${hit.missing} AND NOT $.n != ${hit.missing}', { n: 6 }],
  ['NOT $.n == ${nobody.at.all}', { n: 6 }],
  ['NOT $.n == ${hit.ip | add(1)}', { n: 6 }],
  ['$.n == ${hit.missing | default(6)}', { n: 6 }],
  ['$.a == ${hit.nothing}', { a: null }],
  ['${hit.tags} CONTAINS $.t', { t: 'b' }],
  ['$_.createdAt < "2026-02" AND $_.correlationId == "order-1"', {}],
  ['$.a == 1 OR $.a == 2 AND $.b == 3', { a: 1, b: 0 }],
  ['NOT ($.a == 1 OR $.a == 2) AND $.b == 3', { a: 3, b: 3 }],
  ['$.a[0][1].b == true', { a: [[0, { b: true }]] }],
  ['$.größe == 1 AND $.x-y == 2', { größe: 1, 'x-y': 2 }],
]

describe('a condition', () => {
  it.each(TRUE)('%s holds', (text, data) => {
    expect(holds(text, data)).toBe(true)
  })
})
