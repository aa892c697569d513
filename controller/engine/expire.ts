import type { Json } from '../../petri/json.js'
import type { PlaceState } from '../../petri/place-state.js'
import type { TokenId } from '../../petri/token.js'
import { idsText, type Batch } from './batch.js'
import type { Own } from './own.js'

/** Lets the oldest free tokens of crowded places go (`keep`), and those past their age (`ttl`). Held ones are passed by. */
export function expire(own: Own, batch: Batch, aged: boolean): void {
  for (const address of batch.crowded) {
    const place = own.marking.places.get(address)
    if (place?.shelf) drop(own, batch, place, 'keep', place.shelf.size - (place.program.place.keep ?? Infinity), Infinity)
  }
  batch.crowded.clear()
  if (!aged) return
  for (const place of own.marking.places.values()) {
    const { ttl } = place.program.place
    if (ttl !== undefined) drop(own, batch, place, 'ttl', Infinity, batch.at - ttl)
  }
}

/** When the first token is past its age. */
export function nextExpiry(own: Own): number | undefined {
  let next: number | undefined
  for (const place of own.marking.places.values()) {
    const { ttl } = place.program.place
    if (ttl === undefined) continue
    for (const [id, { born }] of place.shelf!) {
      if ((own.marking.live.get(id)?.holder ?? 0) !== 0) continue
      if (next === undefined || born + ttl < next) next = born + ttl
      break
    }
  }
  return next
}

const MOST_AT_ONCE = 5_000

function drop(own: Own, batch: Batch, place: PlaceState, reason: 'keep' | 'ttl', most: number, bornBy: number): void {
  const gone: TokenId[] = []
  for (const [id, { born }] of place.shelf!) {
    if (gone.length >= most || gone.length >= MOST_AT_ONCE || born > bornBy) break
    const live = own.marking.live.get(id)
    if (live && live.holder !== 0) continue
    gone.push(id)
  }
  if (gone.length === 0) return
  for (const id of gone) {
    const live = own.marking.live.get(id)
    if (live) own.marking.leave(live)
    else own.marking.leaveDormant(place.program.address, id, undefined as Json | undefined)
    batch.take(id)
  }
  batch.add('token.expired', `"place":${JSON.stringify(place.program.address)},"reason":"${reason}","consumed":${idsText(gone)}`)
}
