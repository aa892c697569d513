import type { Address } from './net.js'
import type { Json } from './json.js'

/**
 * A token's id: the number of the event that made it times 16,384 plus its ordinal in that event (a firing makes at
 * most 10,000). So ids sort by arrival, are unique in the session for ever, and are exact to event 2^39.
 */
export type TokenId = number

export const ORDINALS = 16_384

export function tokenId(event: number, ordinal: number): TokenId {
  return event * ORDINALS + ordinal
}

/** `1234-0`: how people read and write a token id. */
export function formatTokenId(id: TokenId): string {
  return `${Math.floor(id / ORDINALS)}-${id % ORDINALS}`
}

/** The id that `1234-0` names, or undefined when the text names none. */
export function parseTokenId(text: string): TokenId | undefined {
  const parts = /^(\d{1,12})-(\d{1,5})$/.exec(text)
  if (!parts) return undefined
  const ordinal = Number(parts[2])
  const event = Number(parts[1])
  return ordinal < ORDINALS && event < 2 ** 39 ? tokenId(event, ordinal) : undefined
}

/** A token. It never changes: a new value is a new token. */
export interface Token {
  readonly id: TokenId
  readonly place: Address
  /** canonical (RFC 8785) */
  readonly data: Json
  /** the canonical text of `data`, made once */
  readonly text: string
  /** milliseconds since the epoch: the `at` of the batch that made it */
  readonly createdAt: number
  /** `net/transition` that made it, or `put`, `declared`, `moved`, `sent` */
  readonly producedBy: string
  readonly parents: readonly TokenId[]
  readonly depth: number
  readonly correlationId: string
}

/** `_meta` as templates and ArcQL see it (`_x`, `$_`). */
export function meta(token: Token): Json {
  return {
    id: formatTokenId(token.id),
    place: token.place,
    createdAt: new Date(token.createdAt).toISOString(),
    producedBy: token.producedBy,
    parents: token.parents.map(formatTokenId),
    depth: token.depth,
    correlationId: token.correlationId,
  }
}
