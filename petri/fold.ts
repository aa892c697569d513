import type { Json } from './json.js'

/** A token of a folded marking; ids as people write them (`1234-0`). */
export interface FoldedToken {
  readonly id: string
  readonly place: string
  readonly data: Json
  readonly createdAt: number
  readonly by: string
  readonly parents: readonly string[]
  readonly depth: number
  readonly correlation: string
  /** number of the firing that holds it, when one does */
  firing?: number
}

/** What the fold needs of an event: protocol/event.ts has all of it. */
export interface FoldableEvent {
  readonly n: number
  readonly type: string
  readonly transition?: string | undefined
  readonly firing?: number | undefined
  readonly consumed?: readonly string[] | undefined
  readonly produced?: readonly FoldableToken[] | undefined
  readonly reserved?: readonly string[] | undefined
  readonly released?: readonly string[] | undefined
  readonly depth?: number | undefined
  readonly correlation?: string | undefined
  readonly part?: number | undefined
  readonly shifted?: { readonly places: readonly string[]; readonly ms: number; readonly before: number } | undefined
}
interface FoldableToken {
  readonly place: string
  readonly data: Json
  readonly id?: string | undefined
  readonly by?: string | undefined
  readonly parents?: readonly string[] | undefined
  readonly depth?: number | undefined
  readonly correlation?: string | undefined
  readonly createdAt?: number | undefined
}

/** The marking as the events tell it. */
export type FoldedMarking = Map<string, FoldedToken>

/** Where the events contradict the marking so far: a token consumed that was not there, or made twice. */
export interface FoldFault {
  readonly n: number
  readonly token: string
  readonly fault: 'consumed-but-absent' | 'produced-twice' | 'reserved-but-absent'
}

/** The tokens an event produced, with what it leaves unsaid filled in. `at`: its segment's time in milliseconds. */
export function producedTokens(event: FoldableEvent, at: number): FoldedToken[] {
  return (event.produced ?? []).map((token, index) => ({
    id: token.id ?? `${event.n}-${index}`,
    place: token.place,
    data: token.data,
    createdAt: token.createdAt ?? at,
    by: token.by ?? event.transition ?? event.type.replace('token.', ''),
    parents: token.parents ?? event.consumed ?? [],
    depth: token.depth ?? event.depth ?? 0,
    correlation: token.correlation ?? event.correlation ?? '',
  }))
}

/** Carries one event over into the marking, in place; what contradicts it is returned, never thrown. */
export function foldEvent(marking: FoldedMarking, event: FoldableEvent, at: number): FoldFault[] {
  const faults: FoldFault[] = []
  if (event.type === 'snapshot' && (event.part ?? 0) === 0) marking.clear()
  if (event.shifted) {
    const { places, ms, before } = event.shifted
    for (const [id, token] of marking) if (places.includes(token.place) && token.createdAt <= before) marking.set(id, { ...token, createdAt: token.createdAt + ms })
  }
  for (const id of event.consumed ?? []) {
    if (!marking.delete(id)) faults.push({ n: event.n, token: id, fault: 'consumed-but-absent' })
  }
  for (const token of producedTokens(event, at)) {
    if (marking.has(token.id)) faults.push({ n: event.n, token: token.id, fault: 'produced-twice' })
    marking.set(token.id, token)
  }
  for (const id of event.reserved ?? []) {
    const token = marking.get(id)
    if (token) token.firing = event.firing ?? event.n
    else faults.push({ n: event.n, token: id, fault: 'reserved-but-absent' })
  }
  for (const id of event.released ?? []) delete marking.get(id)?.firing
  return faults
}
