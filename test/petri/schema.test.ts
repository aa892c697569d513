import { Validator } from '@cfworker/json-schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../petri/json.js'
import { compileSchema } from '../../petri/schema.js'

function misfits(schema: Json, value: Json): readonly { path: string; message: string }[] {
  const compiled = compileSchema(schema)
  if (!compiled.ok) throw new Error(`${compiled.message}; ${compiled.remedy}`)
  return compiled.value(value)
}

function refusal(schema: Json): { message: string; remedy: string; at?: readonly (string | number)[] | undefined } {
  const compiled = compileSchema(schema)
  if (compiled.ok) throw new Error('the schema was taken')
  return { message: compiled.message, remedy: compiled.remedy, at: compiled.at }
}

const key = fc.constantFrom('a', 'b', 'ab', '__proto__')
const scalar = fc.oneof(fc.constantFrom<Json>(null, true, false, 0, 1, 2, -1, 2.5, '', 'a', 'ab', 'b', '😀', 1e308), fc.integer({ min: -3, max: 5 }))
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' }, scalar, fc.array(tie('value'), { maxLength: 3 }),
    fc.uniqueArray(fc.tuple(key, tie('value')), { maxLength: 3, selector: ([name]) => name }).map((entries): Json => Object.fromEntries(entries)),
  ),
}))

const count = fc.integer({ min: 0, max: 3 })
const { schema } = fc.letrec<{ schema: Json }>((tie) => {
  const inner = tie('schema')
  const few = fc.array(inner, { minLength: 1, maxLength: 3 })
  const byName = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'ab'), inner), { maxLength: 3, selector: ([name]) => name }).map((entries) => Object.fromEntries(entries))
  const byPattern = fc.uniqueArray(fc.tuple(fc.constantFrom('^a', 'b$', '.'), inner), { maxLength: 2, selector: ([name]) => name }).map((entries) => Object.fromEntries(entries))
  const type = fc.constantFrom('null', 'boolean', 'number', 'integer', 'string', 'array', 'object')
  const all = {
    type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })),
    enum: fc.array(value, { minLength: 1, maxLength: 3 }), const: value,
    minimum: count, maximum: count, exclusiveMinimum: count, exclusiveMaximum: count, multipleOf: fc.constantFrom(1, 2, 3),
    minLength: count, maxLength: count, pattern: fc.constantFrom('^a', 'b$', '.', 'a|b'),
    prefixItems: few, items: inner, contains: inner, minContains: count, maxContains: count,
    minItems: count, maxItems: count, uniqueItems: fc.boolean(),
    required: fc.uniqueArray(key, { maxLength: 2 }), properties: byName, patternProperties: byPattern, additionalProperties: inner,
    propertyNames: inner, minProperties: count, maxProperties: count,
    dependentRequired: fc.dictionary(fc.constantFrom('a', 'b'), fc.uniqueArray(key, { maxLength: 2 }), { maxKeys: 2 }), dependentSchemas: byName,
    allOf: few, anyOf: few, oneOf: few, not: inner, if: inner, then: inner, else: inner,
    unevaluatedProperties: fc.oneof(fc.constant(false), inner), unevaluatedItems: fc.oneof(fc.constant(false), inner),
  }
  const names = Object.keys(all) as (keyof typeof all)[]
  const object = fc.uniqueArray(fc.constantFrom(...names), { maxLength: 4 })
    .chain((chosen) => fc.tuple(...chosen.map((name) => (all[name] as fc.Arbitrary<Json>).map((argument): [string, Json] => [name, argument]))))
    .map((entries): Json => Object.fromEntries(entries))
  return { schema: fc.oneof({ maxDepth: 3, depthSize: 'small' }, fc.boolean(), object, object) }
})

/** Schemas whose unevaluated keywords have something to look through: rare among random ones. */
const simple = fc.oneof(fc.boolean(), fc.record({ type: fc.constantFrom('integer', 'string') }), fc.record({ minimum: count }))
const { looked } = fc.letrec<{ looked: Json }>((tie) => {
  const inner = tie('looked')
  const few = fc.array(inner, { minLength: 1, maxLength: 2 })
  const named = fc.dictionary(fc.constantFrom('a', 'b', 'ab'), simple, { minKeys: 1, maxKeys: 2 })
  const leaf = fc.record(
    { properties: named, patternProperties: fc.dictionary(fc.constantFrom('^a', 'b$'), simple, { minKeys: 1 }), prefixItems: fc.array(simple, { minLength: 1, maxLength: 2 }), contains: simple, required: fc.constantFrom(['a'], ['b']) },
    { requiredKeys: [] },
  )
  const joined = fc.record(
    { properties: named, allOf: few, anyOf: few, oneOf: few, if: inner, then: inner, else: inner, not: inner, dependentSchemas: fc.dictionary(fc.constantFrom('a', 'b'), inner, { minKeys: 1 }), unevaluatedProperties: simple, unevaluatedItems: simple, $ref: fc.constant('#/$defs/d') },
    { requiredKeys: [] },
  )
  return { looked: fc.oneof({ maxDepth: 2, depthSize: 'small' }, leaf, joined) as fc.Arbitrary<Json> }
})
const lookedThrough = fc.tuple(looked, fc.constantFrom('unevaluatedProperties', 'unevaluatedItems'), simple, simple).map(([inner, keyword, argument, shared]): Json => {
  const root = inner as { readonly [key: string]: Json }
  return { ...root, [keyword]: argument, $defs: { d: { properties: { b: shared }, prefixItems: [shared] } } }
})
const small = fc.constantFrom<Json>(1, 2, 'a', true)
const flat = fc.oneof(fc.dictionary(fc.constantFrom('a', 'b', 'ab', 'c'), small, { maxKeys: 3 }), fc.array(small, { maxLength: 3 })) as fc.Arbitrary<Json>

function agree(made: Json, asked: Json): void {
  const oracle = new Validator(made as never, '2020-12', true).validate(asked).valid
  expect({ schema: made, value: asked, valid: misfits(made, asked).length === 0 }).toEqual({ schema: made, value: asked, valid: oracle })
}

describe('compileSchema', () => {
  it('agrees with another validator on random schemas and values', () => {
    fc.assert(fc.property(schema, value, agree), { numRuns: 3_000 })
  })

  it('agrees with it on what unevaluated keywords see through the others', () => {
    fc.assert(fc.property(lookedThrough, flat, agree), { numRuns: 600 })
  })

  it.each<[Json, Json, string, string]>([
    [{ type: 'object', required: ['text'] }, { txt: 1 }, '$', 'has no "text", which is required (it has "txt")'],
    [{ properties: { n: { type: 'integer' } } }, { n: 1.5 }, '$.n', 'is 1.5, and a whole number is expected'],
    [{ items: { maxLength: 1 } }, ['a', '😀', 'ab'], '$[2]', 'has 2 characters, and at most 1 are expected'],
    [{ properties: { 'odd key': { enum: [1, 'a'] } } }, { 'odd key': 2 }, '$["odd key"]', 'is 2, and one of 1, "a" is expected'],
    [{ additionalProperties: false, properties: { name: {} } }, { nmae: 1 }, '$', 'has the key "nmae", which is not allowed; did you mean "name"?'],
    [{ multipleOf: 0.1 }, 0.35, '$', 'is 0.35, and a multiple of 0.1 is expected'],
    [{ type: ['string', 'null'] }, 1, '$', 'is 1, and a text or null is expected'],
    [{ pattern: '^a+$' }, 'ab', '$', 'does not match /^a+$/'],
    [{ uniqueItems: true }, [{ a: 1, b: 2 }, { b: 2, a: 1 }], '$', 'holds {"a":1,"b":2} twice, and each element may stand once'],
  ])('%j says of %j: %s %s', (made, asked, path, message) => {
    expect(misfits(made, asked)).toEqual([{ path, message }])
  })

  it('counts as decimals do: 0.3 is a multiple of 0.1', () => {
    expect(misfits({ multipleOf: 0.1 }, 0.3)).toEqual([])
    expect(misfits({ multipleOf: 0.01 }, 1e300)).toEqual([])
  })

  it('lets a schema refer to itself further in', () => {
    const tree: Json = { $ref: '#node', $defs: { node: { $anchor: 'node', type: 'object', properties: { left: { $ref: '#/$defs/node' }, right: { $ref: '#/$defs/node' } }, additionalProperties: false } } }
    expect(misfits(tree, { left: { right: {} } })).toEqual([])
    expect(misfits(tree, { left: { right: { up: {} } } })).toEqual([{ path: '$.left.right', message: 'has the key "up", which is not allowed' }])
  })

  it('only annotates with format', () => {
    expect(misfits({ format: 'email' }, 'no mail')).toEqual([])
  })

  it.each<[string, Json, RegExp, (string | number)[]]>([
    ['unknown keywords, with the nearest', { propertees: {} }, /no keyword "propertees".*did you mean properties\?/, ['propertees']],
    ['keywords of older drafts, with the new name', { definitions: {} }, /no keyword "definitions".*call it \$defs/, ['definitions']],
    ['a reference outside', { $ref: 'https://example.org/x' }, /leads outside the schema/, ['$ref']],
    ['a reference to nothing', { items: { $ref: '#/$defs/x' } }, /"#\/\$defs\/x" leads nowhere/, ['items', '$ref']],
    ['a ring', { $defs: { a: { allOf: [{ $ref: '#/$defs/b' }] }, b: { $ref: '#/$defs/a' } } }, /refers to itself for the same value/, []],
    ['a pattern that RE2 refuses', { pattern: '(?=a)' }, /RE2 refuses the pattern .*look-around/, ['pattern']],
    ['another dialect', { $schema: 'http://json-schema.org/draft-07/schema#' }, /dialect .* is not known/, ['$schema']],
    ['a type that is none', { type: 'text' }, /"text" is no type.*use null, boolean/, ['type']],
    ['a misplaced value', { properties: { a: { minLength: -1 } } }, /-1 is no count/, ['properties', 'a', 'minLength']],
    ['what is no schema', { not: 3 }, /neither an object nor true or false/, ['not']],
    ['a list of schemas under items', { items: [{}] }, /call it prefixItems/, ['items']],
    ['chains without end', { $ref: '#/$defs/0', $defs: Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`${index}`, index === 4_999 ? {} : { $ref: `#/$defs/${index + 1}` }])) }, /over 64 schemas refer/, []],
  ])('refuses %s', (_, made, said, at) => {
    const refused = refusal(made)
    expect(`${refused.message}; ${refused.remedy}`).toMatch(said)
    expect(refused.at).toEqual(at)
  })

  it('ends a check whose choices multiply', () => {
    const level = (name: string): Json => ({ anyOf: [{ $ref: `#/$defs/${name}` }, { $ref: `#/$defs/${name}` }] })
    const names = Array.from({ length: 22 }, (_, index) => `d${index}`)
    const defs = Object.fromEntries(names.map((name, index) => [name, index === names.length - 1 ? { const: 1 } : level(names[index + 1]!)]))
    expect(misfits({ ...(level('d0') as object), $defs: defs }, 2)[0]?.message).toMatch(/takes over 10,000,000 steps/)
  })

  it('does not hang on a hostile pattern', () => {
    expect(misfits({ pattern: '^(a+)+$' }, `${'a'.repeat(50_000)}b`)).toHaveLength(1)
  })
})
