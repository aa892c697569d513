import { z } from 'zod'
import { tool } from '../tool.js'

export const listAllSessions = tool({
  name: 'LIST_ALL_SESSIONS',
  tier: 'read',
  touch: 'reads',
  description: 'Lists the sessions that you may see, with how many nets each has, whether it runs well, and what it spent.',
  parameters: z.strictObject({}),
  answer: z.object({
    scope: z.string(),
    sessions: z.array(z.object({ session: z.string(), title: z.string(), nets: z.int(), ready: z.boolean(), message: z.string(), stopped: z.boolean(), failed: z.int(), usd: z.number() })),
  }),
  async run(_, desk) {
    const sessions = await desk.nets.sessions()
    return { scope: `${sessions.length} sessions that ${desk.caller.name} may see`, sessions: [...sessions] }
  },
})
