import type { ReplayAnswer } from '../../protocol/api/history.js'
import { parseTokenId } from '../../petri/token.js'
import type { FoldedToken } from '../../petri/fold.js'
import type { Replayed } from './replay.js'

/** A folded marking by places, each with its oldest tokens. */
export function showMarking(session: string, replayed: Replayed, net: string | undefined, most: number): ReplayAnswer {
  const places = new Map<string, FoldedToken[]>()
  for (const token of replayed.marking.values()) {
    if (net !== undefined && !token.place.startsWith(`${net}/`)) continue
    const list = places.get(token.place)
    if (list) list.push(token)
    else places.set(token.place, [token])
  }
  const shown = [...places].sort(([a], [b]) => (a < b ? -1 : 1)).map(([place, tokens]) => ({
    place,
    tokens: tokens.length,
    reserved: tokens.filter((token) => token.firing !== undefined).length,
    items: tokens.sort((a, b) => (parseTokenId(a.id) ?? 0) - (parseTokenId(b.id) ?? 0)).slice(0, most)
      .map((token) => ({ id: token.id, data: token.data, producedBy: token.by, reserved: token.firing !== undefined })),
  }))
  return {
    session, seq: replayed.seq, at: replayed.at === null ? null : new Date(replayed.at).toISOString(), from: replayed.from, events: replayed.events, places: shown,
  }
}
