import fc from 'fast-check'
import type { Json } from '../../../petri/json.js'

/** Random values and conditions over a small world, so that paths meet and values collide. */
const KEYS = ['a', 'b', 'odd key', '0', '__proto__', 'constructor', 'length', 'ü', '"\\']

export const randomScalar: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, true, false, 0, 1, -1, 2, 10, 1.1, 0.1, 1e21, 1e308, -1e308, 5e-324, 9007199254740991, 123456789012345680000),
  fc.constantFrom<Json>('', 'a', 'b', 'ab', 'abc', '1', 'null', 'A', 'ä', 'z', '\uFFFD', '\uE000', '😀', '😀a', '𝒳', '"', '\\', '\n', '%', '_', ' '),
  fc.integer({ min: -3, max: 12 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value): Json => value + 0),
  fc.string({ unit: 'grapheme', maxLength: 4 }).map((text): Json => text.replaceAll('\0', '').toWellFormed()),
)

export const { value: randomValue } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    randomScalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.uniqueArray(fc.tuple(fc.constantFrom(...KEYS), tie('value')), { maxLength: 4, selector: ([key]) => key }).map((entries): Json => Object.fromEntries(entries)),
  ),
}))

/** Mostly an object, as tokens are. */
export const randomData: fc.Arbitrary<Json> = fc.oneof(
  { arbitrary: fc.uniqueArray(fc.tuple(fc.constantFrom(...KEYS), randomValue), { minLength: 1, maxLength: 5, selector: ([key]) => key }).map((entries): Json => Object.fromEntries(entries)), weight: 4 },
  { arbitrary: randomValue, weight: 1 },
)

const randomStep = fc.oneof(
  fc.constantFrom('.a', '.b', '.length', '.ü', '.constructor', '.__proto__', '[0]', '[1]', '["0"]', '["odd key"]', '["__proto__"]', '["\\"\\\\"]'),
)
export const randomPath: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.array(randomStep, { maxLength: 3 }).map((steps) => `$${steps.join('')}`), weight: 8 },
  { arbitrary: fc.constantFrom('$_', '$_.id', '$_.place', '$_.createdAt', '$_.producedBy', '$_.parents', '$_.parents[0]', '$_.depth', '$_.correlationId', '$_.other', '$_[0]', '$_.depth[0]'), weight: 1 },
)

const literal = fc.oneof({ arbitrary: randomScalar, weight: 3 }, { arbitrary: randomValue, weight: 1 }).map((value) => JSON.stringify(value))
const template = fc.constantFrom('${x}', '${x.a}', '${x.a[0]}', '${x["odd key"]}', '${x.missing}', '${nobody}', '${x.a | json}', '${x.b | default(1)}', '${x.a | add(1)}', '${x.b | upper}')
const operand = fc.oneof({ arbitrary: randomPath, weight: 4 }, { arbitrary: literal, weight: 4 }, { arbitrary: template, weight: 1 })
const pattern = fc.oneof(fc.constantFrom('/^a/', '/[0-9]/', '/./', '"b$"', '/\\//', '/(?i)A/'), operand.filter((text) => text.startsWith('$')))
const comparison = fc.oneof(
  { arbitrary: fc.tuple(operand, fc.constantFrom('==', '!=', '<', '<=', '>', '>='), operand).map((parts) => parts.join(' ')), weight: 6 },
  { arbitrary: fc.tuple(operand, fc.constantFrom('CONTAINS', 'STARTS WITH'), operand).map((parts) => parts.join(' ')), weight: 2 },
  { arbitrary: fc.tuple(operand, fc.array(operand, { maxLength: 3 })).map(([left, items]) => `${left} IN [${items.join(', ')}]`), weight: 1 },
  { arbitrary: fc.tuple(operand, operand.filter((text) => !text.startsWith('['))).map(([left, right]) => `${left} IN ${right}`), weight: 1 },
  { arbitrary: fc.tuple(operand, pattern).map(([left, right]) => `${left} MATCHES ${right}`), weight: 1 },
  { arbitrary: randomPath.map((path) => `EXISTS ${path}`), weight: 1 },
)

export const { condition: randomCondition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    comparison,
    fc.tuple(tie('condition'), fc.constantFrom('AND', 'OR'), tie('condition')).map(([left, word, right]) => `(${left}) ${word} (${right})`),
    tie('condition').map((inner) => `NOT (${inner})`),
    fc.tuple(tie('condition'), tie('condition')).map(([left, right]) => `${left} AND NOT (${right})`),
  ),
}))

export const randomOrder: fc.Arbitrary<string> = fc.array(fc.tuple(randomPath, fc.constantFrom('', ' ASC', ' DESC')).map((parts) => parts.join('')), { minLength: 1, maxLength: 2 }).map((keys) => keys.join(', '))
