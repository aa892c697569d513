import { z } from 'zod'
import type { Place } from '../../petri/net.js'
import { elementAddress, shown } from '../address.js'
import { placeParameter } from '../parameter.js'
import { tool } from '../tool.js'

export const getPlaceInfo = tool({
  name: 'GET_PLACE_INFO',
  tier: 'read',
  touch: 'reads',
  description: 'Tells what a place is for and what its tokens must look like: category, schema, capacity, key, and how many tokens it holds.',
  parameters: z.strictObject({ place: placeParameter }),
  answer: z.object({
    scope: z.string(),
    category: z.string(),
    title: z.string().optional(),
    description: z.string().optional(),
    schema: z.unknown().optional().describe('JSON Schema that each token must fit; any JSON where it is absent.'),
    capacity: z.int().optional(),
    key: z.array(z.string()).optional(),
    onDuplicate: z.string(),
    keep: z.int().optional(),
    ttlMs: z.int().optional(),
    maxBytes: z.int(),
    tokens: z.int(),
    oldest: z.string().nullable(),
    newest: z.string().nullable(),
    owner: z.string().describe('The place that holds the tokens: itself, or the one it shares.'),
    sharedBy: z.array(z.string()).describe('Places of other nets that are this same place.'),
    open: z.array(z.string()).optional().describe('Sessions that may send here.'),
    sends: z.string().optional().describe('Tokens put here go there.'),
  }),
  async run({ place: text }, desk) {
    const address = elementAddress(desk, text)
    const { session } = address
    const place = await desk.nets.place(address)
    const [nets, counts] = [await desk.nets.nets(session), await desk.nets.counts(session)]
    const owner = ownerOf(nets, place.address) ?? place
    const count = counts.get(place.address)
    const sharedBy = [...nets.values()].flatMap((net) => Object.values(net.places).filter((one) => one.address === place.address && `${net.name}/${one.name}` !== `${address.net}/${address.element}`).map((one) => `${session}/${net.name}/${one.name}`))
    return {
      scope: shown(address), category: owner.category, title: place.title ?? owner.title, description: place.description ?? owner.description, schema: owner.schema,
      capacity: owner.capacity, key: owner.key === undefined ? undefined : [...owner.key], onDuplicate: owner.onDuplicate, keep: owner.keep, ttlMs: owner.ttl, maxBytes: owner.maxBytes,
      tokens: count?.tokens ?? 0, oldest: count?.oldest ?? null, newest: count?.newest ?? null,
      owner: `${session}/${place.address}`, sharedBy, open: owner.open === undefined ? undefined : [...owner.open], sends: place.sends ?? owner.sends,
    }
  },
})

function ownerOf(nets: ReadonlyMap<string, { readonly places: Readonly<Record<string, Place>> }>, address: string) {
  const [net = '', name = ''] = address.split('/')
  const places = nets.get(net)?.places
  return places !== undefined && Object.hasOwn(places, name) ? places[name] : undefined
}
