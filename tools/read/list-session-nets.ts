import { z } from 'zod'
import { sessionParameter } from '../parameter.js'
import { tool } from '../tool.js'

export const listSessionNets = tool({
  name: 'LIST_SESSION_NETS',
  tier: 'read',
  touch: 'reads',
  description: 'Lists the nets of a session that run, with revision, health, and how many tokens and dead letters they have. What is only in your draft is not among them.',
  parameters: z.strictObject({ session: sessionParameter }),
  answer: z.object({
    scope: z.string(),
    nets: z.array(z.object({ net: z.string(), revision: z.string(), ready: z.boolean(), message: z.string(), state: z.string(), tokens: z.int(), failed: z.int() })),
  }),
  run: async ({ session }, desk) => ({ scope: session, nets: [...(await desk.nets.status(session))] }),
})
