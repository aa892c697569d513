import { z } from 'zod'
import { nameParameter, sessionParameter, limitParameter, cursorParameter, listed } from '../parameter.js'
import { ownSession } from '../address.js'
import { paged } from '../paged.js'
import { tool } from '../tool.js'

export const listPlaces = tool({
  name: 'LIST_PLACES',
  tier: 'read',
  touch: 'reads',
  description: 'Lists the places of a session, or of one of its nets, with how many tokens lie in each. Begin here to find out where data is.',
  parameters: z.strictObject({
    session: sessionParameter.optional(),
    net: nameParameter.optional().describe('Only places of this net.'),
    category: z.enum(['task', 'context', 'tool', 'learning']).optional().describe('Only places of this category.'),
    limit: limitParameter(500, 200),
    cursor: cursorParameter.optional(),
  }),
  answer: z.object({
    ...listed,
    places: z.array(z.object({ place: z.string(), category: z.string(), tokens: z.int(), title: z.string().optional(), shares: z.string().optional(), sends: z.string().optional() })),
  }),
  async run({ session: asked, net, category, limit, cursor }, desk) {
    const session = asked ?? ownSession(desk)
    const nets = net === undefined ? [...(await desk.nets.nets(session)).values()] : [await desk.nets.net(session, net)]
    const counts = await desk.nets.counts(session)
    const all = nets.flatMap(({ name, places }) => Object.values(places).filter((place) => category === undefined || place.category === category).map((place) => ({
      place: `${session}/${name}/${place.name}`, category: place.category, tokens: counts.get(place.address)?.tokens ?? 0,
      ...(place.title === undefined ? {} : { title: place.title }), ...(place.shares === undefined ? {} : { shares: place.shares }), ...(place.sends === undefined ? {} : { sends: place.sends }),
    })))
    const page = paged(all, (one) => one.place, limit, cursor)
    return { scope: net === undefined ? session : `${session}/${net}`, shown: page.items.length, next: page.next, places: page.items }
  },
})
