import { formatTokenId, tokenId, type Token, type TokenId } from '../../petri/token.js'
import type { EventType } from '../../protocol/event.js'

/** What a batch takes along besides tokens and events: each list goes to one statement of 0003-commit.sql. */
export interface Rest {
  decisions: { key: string; status: number; body: string }[]
  started: { firing: number; net: string; transition: string; kind: string; labels: object; pool: string; workspace: string; request: object; hold: object; awaiting?: boolean; expires?: number }[]
  approved: { firing: number; hold: object; request: object; held: boolean }[]
  booked: { net: string; transition: string; micros: number }[]
  rearmed: { firing: number; attempt: number; due: number; held: boolean }[]
  blocked: { firing: number; hold: object }[]
  decided: number[]
  withdrawn: number[]
  superseded: TokenId[]
  sends: { session: string; kind: string; key: string; body: string }[]
  lifecycle: { net: string; transition: string; state: string; by: string; reason: string }[]
  poisoned: { id: number; error: string }[]
  shifted: { places: readonly string[]; ms: number; before: number }[]
  condition: object | null | undefined
}

const LOG_BYTES = 4 * 2 ** 20
const MOST_FIRINGS = 2_000
const CPU_MS = 10
const MOST_CORRELATIONS = 200

/** A batch being made: events in order, and what they do to the token table in the end. Written once, then sent. */
export class Batch {
  /** number of its first event */
  readonly first: number
  /** its one time, in milliseconds */
  readonly at: number
  readonly events: string[] = []
  readonly born = new Map<TokenId, Token>()
  readonly gone: TokenId[] = []
  readonly inbox: number[] = []
  readonly transitions = new Set<string>()
  readonly correlations = new Set<string>()
  readonly rest: Rest = {
    decisions: [], started: [], approved: [], booked: [], rearmed: [], blocked: [], decided: [], withdrawn: [], superseded: [], sends: [], lifecycle: [], poisoned: [], shifted: [], condition: undefined,
  }
  /** places where `keep` may be exceeded now */
  readonly crowded = new Set<string>()
  firings = 0
  /** firings by kind, for the metrics */
  readonly kinds = new Map<string, number>()
  /** inbox rows decided, by kind */
  readonly rows = new Map<string, number>()
  /** what it changes in the table is not in memory: load anew once it is committed */
  stale = false
  bytes = 0
  adopted: number
  readonly #started = performance.now()

  constructor(first: number, at: number, adopted: number) {
    this.first = first
    this.at = at
    this.adopted = adopted
  }

  /** number of the event to come */
  get next(): number {
    return this.first + this.events.length
  }

  get full(): boolean {
    return this.firings >= MOST_FIRINGS || this.bytes >= LOG_BYTES || ((this.firings & 15) === 0 && performance.now() - this.#started > CPU_MS)
  }

  get empty(): boolean {
    return this.events.length === 0 && this.inbox.length === 0 && this.rest.poisoned.length === 0 && this.rest.condition === undefined
  }

  /** Adds an event; `body` is the rest of its JSON object, without braces. Answers its number. */
  add(type: EventType, body: string): number {
    const number = this.next
    const text = body === '' ? `{"n":${number},"type":"${type}"}` : `{"n":${number},"type":"${type}",${body}}`
    this.events.push(text)
    this.bytes += text.length
    return number
  }

  /** Adds an event of rarer kinds, from an object. */
  note(type: EventType, body: object): number {
    return this.add(type, JSON.stringify(body).slice(1, -1))
  }

  about(transition: string, correlation: string): void {
    this.transitions.add(transition)
    if (correlation !== '' && this.correlations.size < MOST_CORRELATIONS) this.correlations.add(correlation)
  }

  /** A token leaves: one born in this batch was never in the table. */
  take(id: TokenId): void {
    if (!this.born.delete(id)) this.gone.push(id)
  }

  bear(token: Token): void {
    this.born.set(token.id, token)
  }

  /** Ids that the next event's products have. */
  idOf(ordinal: number): TokenId {
    return tokenId(this.next, ordinal)
  }
}

/** `["1-0","1-1"]` */
export function idsText(ids: readonly TokenId[]): string {
  let text = ''
  for (const id of ids) text += text === '' ? `"${formatTokenId(id)}"` : `,"${formatTokenId(id)}"`
  return `[${text}]`
}
