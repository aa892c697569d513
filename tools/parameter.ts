import { z } from 'zod'

// Parameters that many tools have, said once.

const PART = '[a-z][a-z0-9-]{0,62}'
const name = z.string().regex(new RegExp(`^${PART}$`), 'write a name: a-z, then a-z, 0-9 and -')
const place = z.string().regex(new RegExp(`^(?:${PART}/){0,2}(?:${PART}|_failed)$`), 'write place, net/place or session/net/place')
const transition = z.string().regex(new RegExp(`^(?:${PART}/){0,2}${PART}$`), 'write transition, net/transition or session/net/transition')
const net = z.string().regex(new RegExp(`^(?:${PART}/)?${PART}$`), 'write net or session/net')

export const placeParameter = place.describe('place, net/place or session/net/place. A place alone is of your own net.')
export const transitionParameter = transition.describe('transition, net/transition or session/net/transition. A transition alone is of your own net.')
export const netParameter = net.describe('net or session/net.')
export const sessionParameter = name.describe('Session; your own unless given.')
export const nameParameter = name
export const tokenParameter = z.string().regex(/^(?:[a-z][a-z0-9-]{0,62}\/)?\d{1,12}-\d{1,5}$/, 'a token id looks like 1234-0').describe('Token id such as 1234-0, or session/1234-0.')
export const cursorParameter = z.string().max(400).describe('The `next` of the answer before: goes on where that was cut.')
export const waitParameter = z.number().min(0).max(60)
export const limitParameter = (most: number, given: number) => z.int().min(1).max(most).default(given).describe(`Most entries; ${given} unless given, ${most} at most.`)

/** Any JSON. Its text was admitted where it came in, so it is not walked again. */
export const anyData = z.unknown().refine((value) => value !== undefined, 'it is missing')

/** What every list says of itself: where it looked, how much it shows, and how to get the rest. */
export const listed = {
  scope: z.string().describe('What was looked at.'),
  shown: z.int(),
  next: z.string().optional().describe('There is more: call again with this as cursor.'),
}
