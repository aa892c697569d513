import type { Plan } from '../../petri/plan.js'
import type { Queryable } from '../store/database.js'
import { countPlaces } from '../store/views/places.js'

export interface Landing {
  readonly place: string
  readonly tokens: number
  readonly fate: string
}

/** Where the live tokens of the places that a plan touches land: they stay, or are kept as orphans. */
export async function landing(db: Queryable, plan: Plan): Promise<Landing[]> {
  const list: Landing[] = []
  for (const net of plan.nets) {
    const removed = new Set(net.places.filter((place) => place.verb === 'remove').map((place) => place.name))
    const changed = new Set(net.places.filter((place) => place.verb === 'change').map((place) => place.name))
    if (removed.size + changed.size === 0) continue
    for (const row of await countPlaces(db, net.session, net.net)) {
      const place = row.address.slice(net.net.length + 1)
      if (removed.has(place)) list.push({ place: `${net.session}/${row.address}`, tokens: row.tokens, fate: 'kept as orphans; agenticos move takes them to another place' })
      else if (changed.has(place)) list.push({ place: `${net.session}/${row.address}`, tokens: row.tokens, fate: 'stay, under the new rules' })
    }
  }
  return list
}
