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

describe('compileSchema', () => {
  it('agrees with another validator on random schemas and values', () => {
    fc.assert(
      fc.property(schema, value, (made, asked) => {
        const oracle = new Validator(made as never, '2020-12', true).validate(asked).valid
        expect({ schema: made, value: asked, valid: misfits(made, asked).length === 0 }).toEqual({ schema: made, value: asked, valid: oracle })
      }),
      { numRuns: 5_000 },
    )
  })
})
