import { z } from 'zod'
import { matchesGlob } from '../../petri/glob.js'
import { ownSession } from '../address.js'
import { sessionParameter } from '../parameter.js'
import { tool } from '../tool.js'

export const findSharedPlaces = tool({
  name: 'FIND_SHARED_PLACES',
  tier: 'read',
  touch: 'reads',
  description: 'Finds the places that more than one net of a session uses, and those that take tokens from or send them to other sessions: where nets touch.',
  parameters: z.strictObject({
    session: sessionParameter.optional(),
    pattern: z.string().min(1).max(63).optional().describe('Only places whose name fits; * stands for any letters.'),
  }),
  answer: z.object({
    scope: z.string(),
    places: z.array(z.object({ place: z.string(), nets: z.array(z.string()), open: z.array(z.string()).optional(), sends: z.string().optional() })),
  }),
  async run({ session: asked, pattern }, desk) {
    const session = asked ?? ownSession(desk)
    const found = new Map<string, { nets: Set<string>; open?: readonly string[]; sends?: string }>()
    for (const net of (await desk.nets.nets(session)).values()) {
      for (const place of Object.values(net.places)) {
        const entry = found.get(place.address) ?? { nets: new Set<string>() }
        entry.nets.add(net.name)
        if (place.open !== undefined) entry.open = place.open
        if (place.sends !== undefined) entry.sends = place.sends
        found.set(place.address, entry)
      }
    }
    const places = [...found].filter(([address, { nets, open, sends }]) =>
      (nets.size > 1 || open !== undefined || sends !== undefined) && (pattern === undefined || matchesGlob(pattern, address.split('/')[1]!)))
    return {
      scope: session,
      places: places.map(([address, { nets, open, sends }]) => ({
        place: `${session}/${address}`, nets: [...nets].sort(), ...(open === undefined ? {} : { open: [...open] }), ...(sends === undefined ? {} : { sends }),
      })).sort((a, b) => (a.place < b.place ? -1 : 1)),
    }
  },
})
