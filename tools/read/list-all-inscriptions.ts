import { z } from 'zod'
import { sessionParameter, limitParameter, cursorParameter, listed } from '../parameter.js'
import { paged } from '../paged.js'
import { tool } from '../tool.js'

const KINDS = ['pass', 'map', 'link', 'http', 'llm', 'agent', 'command'] as const

export const listAllInscriptions = tool({
  name: 'LIST_ALL_INSCRIPTIONS',
  tier: 'read',
  touch: 'reads',
  description: 'Lists inscriptions of transitions that run, whole, to learn from: how others of a kind are written. Covers all sessions you may see unless one is named.',
  parameters: z.strictObject({
    kind: z.enum(KINDS).optional().describe('Only transitions of this kind.'),
    session: sessionParameter.optional().describe('Only this session; all that you may see unless given.'),
    limit: limitParameter(50, 10),
    cursor: cursorParameter.optional(),
  }),
  answer: z.object({ ...listed, inscriptions: z.array(z.object({ transition: z.string(), kind: z.string(), title: z.string().optional(), inscription: z.unknown() })) }),
  async run({ kind, session, limit, cursor }, desk) {
    const sessions = session === undefined ? (await desk.nets.sessions()).map((one) => one.session) : [session]
    const found: { transition: string; kind: string; title?: string; inscription: unknown }[] = []
    for (const name of sessions) {
      for (const net of (await desk.nets.nets(name)).values()) {
        for (const inscription of Object.values(net.transitions)) {
          if (kind !== undefined && inscription.kind !== kind) continue
          found.push({ transition: `${name}/${net.name}/${inscription.name}`, kind: inscription.kind, ...(inscription.title === undefined ? {} : { title: inscription.title }), inscription })
        }
      }
    }
    const page = paged(found, (one) => one.transition, limit, cursor)
    return { scope: `${session ?? `${sessions.length} sessions`}${kind === undefined ? '' : `, kind ${kind}`}`, shown: page.items.length, next: page.next, inscriptions: page.items }
  },
})
