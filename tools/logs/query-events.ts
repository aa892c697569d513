import { z } from 'zod'
import { ownSession } from '../address.js'
import { cursorParameter, limitParameter, listed, nameParameter, sessionParameter } from '../parameter.js'
import { tool } from '../tool.js'

const time = z.iso.datetime({ offset: true }).describe('RFC 3339, e.g. 2026-01-31T12:00:00Z.')

export const queryEvents = tool({
  name: 'QUERY_EVENTS',
  tier: 'logs',
  touch: 'reads',
  description: 'Searches the event line of a session: all that was put, fired, failed, called, refused or decided, in order.',
  parameters: z.strictObject({
    session: sessionParameter.optional(),
    net: nameParameter.optional().describe('Only of this net.'),
    transition: nameParameter.optional().describe('Name of a transition, without its net.'),
    firing: z.int().min(1).optional().describe('Number of a firing: all that happened in it.'),
    type: z.string().regex(/^[a-z]+(\.[a-z]+)?$/, 'an event type looks like token.put').optional().describe('token.put, or token for all of them.'),
    since: time.optional(),
    until: time.optional(),
    newest: z.boolean().default(false).describe('Newest first.'),
    limit: limitParameter(200, 50),
    cursor: cursorParameter.optional(),
  }),
  answer: z.object({ ...listed, events: z.array(z.record(z.string(), z.unknown())) }),
  async run({ session: asked, ...query }, desk) {
    const session = asked ?? ownSession(desk)
    const { events, next } = await desk.history.events({ session, ...query })
    const of = [session, query.net, query.transition].filter((part) => part !== undefined).join('/')
    return { scope: `events of ${of}${query.type === undefined ? '' : `, ${query.type}`}${next === undefined ? '' : '; more may follow'}`, shown: events.length, next, events: [...events] }
  },
})
