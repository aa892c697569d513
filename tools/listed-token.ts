import { z } from 'zod'
import type { Json } from '../petri/json.js'
import type { ListedToken } from './desk.js'

const LONGEST = 2_000

export const listedToken = z.object({
  id: z.string(),
  data: z.unknown(),
  createdAt: z.string(),
  producedBy: z.string(),
  correlationId: z.string(),
  state: z.enum(['free', 'reserved']),
  cut: z.boolean().optional().describe('Long texts of it are cut: EXTRACT_TOKEN_CONTENT reads them whole.'),
})

/** A token as lists show it: texts of more than 2,000 characters are cut, and it says so. */
export function showListed({ id, data, createdAt, producedBy, correlationId, state }: ListedToken): z.output<typeof listedToken> {
  const [short, cut] = shorten(data)
  return { id, data: short, createdAt, producedBy, correlationId, state, ...(cut ? { cut: true } : {}) }
}

/** The value with its long texts cut, each saying how much is left out; and whether any was. */
export function shorten(value: Json, longest = LONGEST): [Json, boolean] {
  if (typeof value === 'string') return value.length <= longest ? [value, false] : [`${value.slice(0, longest)}… [cut: ${value.length - longest} more characters]`, true]
  if (typeof value !== 'object' || value === null) return [value, false]
  let any = false
  const one = (inner: Json): Json => {
    const [short, cut] = shorten(inner, longest)
    any ||= cut
    return short
  }
  const made: Json = Array.isArray(value) ? value.map(one) : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, one(inner)]))
  return [any ? made : value, any]
}
