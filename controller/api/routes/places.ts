import type { FastifyInstance } from 'fastify'
import { API } from '../../../protocol/api.js'
import type { PlaceAnswer } from '../../../protocol/api/nets.js'
import { findTokens } from '../../store/tokens/find.js'
import { countPlaces } from '../../store/views/places.js'
import type { Context } from '../context.js'
import { mount } from '../mount.js'
import { isoOrNull, pageOf, readCursor } from '../page.js'
import { chosen } from './nets.js'

/** Places with what is in them; a place that no net declares any more is shown while it holds orphans or dead letters. */
export function placeRoutes(app: FastifyInstance, { db, applied, reservations }: Context): void {
  mount(app, API.listPlaces, async ({ params, query }) => {
    const all = await applied.nets(params.session)
    const nets = await chosen(all, query.net, () => applied.net(params.session, query.net!))
    const counts = new Map((await countPlaces(db, params.session, null)).map((row) => [row.address, row]))
    const reserved = new Map<string, number>()
    const held = [...(await reservations(params.session)).keys()]
    for (const token of held.length === 0 ? [] : await findTokens(db, params.session, held)) reserved.set(token.place, (reserved.get(token.place) ?? 0) + 1)
    const items: PlaceAnswer[] = []
    const told = new Set<string>()
    for (const net of nets) {
      for (const place of Object.values(net.places)) {
        const count = counts.get(place.address)
        told.add(`${net.name}/${place.name}`)
        items.push({
          session: params.session, net: net.name, name: place.name, address: place.address, category: place.category, title: place.title ?? '',
          tokens: count?.tokens ?? 0, reserved: reserved.get(place.address) ?? 0, orphaned: 0, capacity: place.capacity ?? null,
          present: true, oldest: isoOrNull(count?.oldest ?? null), newest: isoOrNull(count?.newest ?? null),
        })
      }
    }
    for (const [address, count] of counts) {
      const [net, name] = address.split('/') as [string, string]
      if (told.has(address) || (query.net !== undefined && net !== query.net)) continue
      items.push({
        session: params.session, net, name, address, category: name === '_failed' ? 'failed' : 'orphaned', title: '', tokens: count.tokens,
        reserved: reserved.get(address) ?? 0, orphaned: name === '_failed' && all.has(net) ? 0 : count.tokens, capacity: null, present: name === '_failed' && all.has(net),
        oldest: isoOrNull(count.oldest), newest: isoOrNull(count.newest),
      })
    }
    const key = (item: PlaceAnswer) => `${item.net}/${item.name}`
    const after = String(readCursor(query.cursor, ['string'])?.[0] ?? '')
    const rest = items.filter((item) => key(item) > after).sort((a, b) => (key(a) < key(b) ? -1 : 1))
    return pageOf(rest.slice(0, query.limit + 1), query.limit, (item) => [key(item)], (item) => item)
  })
}
