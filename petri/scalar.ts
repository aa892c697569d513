import { z } from 'zod'
import type { Json } from './json.js'
import { microsOf } from './money.js'

/** Names of nets, places, transitions. */
export const NAME = /^[a-z][a-z0-9-]{0,62}$/
export const VARIABLE = /^[a-z][A-Za-z0-9]{0,62}$/
/** `${params.x}` as the whole value of a scalar key. */
export const PARAM = /^\$\{ *params\.[^${}|]+\}$/
export const DURATION = /^\d{1,15}(ms|s|m|h|d)$/
export const SIZE = /^\d{1,15}(B|KiB|MiB|GiB)$/
export const MONEY = /^\d{1,9}(\.\d{1,6})?$/
export const RATE = /^\d{1,9}[km]?\/(\d{1,6})?(ms|s|m|h|d)$/

/** Any JSON. The codecs hand over nothing else, so only absence is refused. */
export const json = z.custom<Json>((value) => value !== undefined, { error: 'must be given' })

/** A scalar key: its own type, or `${params.x}`; `what` ends the sentence "must be". */
export function scalar<T extends z.ZodType>(what: string, schema: T): z.ZodUnion<readonly [T, z.ZodString]> {
  const error = `must be ${what}, or a whole \${params.name}`
  return z.union([schema, z.string({ error }).regex(PARAM, { error })], { error })
}

export const text = z.string({ error: 'must be a text (quote it)' })
export const name = z.string({ error: 'must be a name' }).regex(NAME, { error: 'must be a name: a-z, then a-z, 0-9 and -, at most 63' })
export const variable = z.string().regex(VARIABLE, { error: 'must be a variable: a-z, then letters and digits, at most 63' })
export const truth = scalar('true or false', z.boolean())
export const duration = scalar('a duration such as 500ms, 30s, 5m, 2h or 7d', z.string().regex(DURATION))
export const size = scalar('a size such as 64KiB, or a number of bytes', z.union([z.int().min(0), z.string().regex(SIZE)]))
const DECIMALS = { error: 'must be US dollars with at most six decimals' }
export const usd = scalar(
  'US dollars with at most six decimals',
  z.union([z.number().min(0).max(999_999_999).refine((n) => microsOf(n) !== undefined, DECIMALS), z.string().regex(MONEY)]),
)
export const rate = scalar('a rate such as 10/m, 500/h or 10m/d', z.string().regex(RATE))

export function whole(min: number, max = Number.MAX_SAFE_INTEGER): ReturnType<typeof scalar<z.ZodInt>> {
  const what = max === Number.MAX_SAFE_INTEGER ? `a whole number from ${min}` : `a whole number from ${min} to ${max}`
  return scalar(what, z.int().min(min).max(max))
}

export function choice<const T extends readonly string[]>(values: T): ReturnType<typeof scalar<z.ZodEnum<{ [K in T[number]]: K }>>> {
  return scalar(values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`, z.enum(values))
}

/** An object whose unknown keys are refused; the message of that issue is the list of known ones, for petri/misfit. */
export function object<const S extends z.core.$ZodLooseShape>(shape: S): z.ZodObject<S, z.core.$strict> {
  const known = Object.keys(shape).join(' ')
  return z.strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? known : 'must be a table of keys') })
}

/** A table of names; `key` says what a name must look like. */
export function table<K extends z.core.$ZodRecordKey, V extends z.core.SomeType>(key: K, value: V): z.ZodRecord<K, V> {
  return z.record(key, value, { error: 'must be a table of names' })
}
