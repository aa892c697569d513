import { z } from 'zod'
import { microsOf } from './money.js'
import { DURATION, MONEY, RATE } from './scalar.js'

// Scalars of policy.yaml and models.yaml: as those of nets, but `${params.x}` has no meaning there.

export const plainDuration = z.string({ error: 'must be a duration such as 500ms, 30s, 5m, 2h or 7d' }).regex(DURATION, { error: 'must be a duration such as 500ms, 30s, 5m, 2h or 7d' })
export const plainRate = z.string({ error: 'must be a rate such as 10/m, 500/h or 10m/d' }).regex(RATE, { error: 'must be a rate such as 10/m, 500/h or 10m/d' })

const MONEY_ERROR = { error: 'must be US dollars with at most six decimals' }
export const plainUsd = z.union([z.number().min(0).max(999_999_999).refine((n) => microsOf(n) !== undefined, MONEY_ERROR), z.string().regex(MONEY, MONEY_ERROR)], MONEY_ERROR)

export function plainWhole(min: number, max: number): z.ZodInt {
  const error = `must be a whole number from ${min} to ${max}`
  return z.int({ error }).min(min, { error }).max(max, { error })
}

export function plainChoice<const T extends readonly string[]>(values: T): z.ZodEnum<{ [K in T[number]]: K }> {
  return z.enum(values, { error: values.length === 1 ? `must be ${values[0]}` : `must be one of ${values.join(', ')}` })
}

/** A name as a glob: `*` stands for any letters within a part of an address, `**` for anything. */
export const glob = z.string({ error: 'must be a name, or a glob such as demo-*' }).min(1).max(200)
