import { z } from 'zod'
import { tool } from '../tool.js'

export const fail = tool({
  name: 'FAIL',
  tier: 'control',
  touch: 'control',
  description: 'Ends your work as failed: say why it cannot be done and what you tried. What you drafted is kept, and nothing is proposed.',
  parameters: z.strictObject({
    reason: z.string().min(1).max(8_000).describe('Why it cannot be done.'),
    tried: z.string().max(8_000).optional().describe('What you tried.'),
  }),
  answer: z.object({ failed: z.literal(true), reason: z.string() }),
  async run({ reason, tried }, desk) {
    const { firing } = desk.caller
    if (firing !== undefined) await desk.history.note(firing.session, { note: 'fail', reason, ...(tried === undefined ? {} : { tried }) })
    return { failed: true as const, reason }
  },
})
