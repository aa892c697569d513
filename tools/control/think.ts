import { z } from 'zod'
import { tool } from '../tool.js'

export const think = tool({
  name: 'THINK',
  tier: 'control',
  touch: 'control',
  description: 'Writes down what you want to reach and how, before you act. It is recorded and changes nothing.',
  parameters: z.strictObject({
    goal: z.string().min(1).max(4_000).describe('What is to be reached.'),
    plan: z.string().min(1).max(8_000).describe('The steps.'),
    risks: z.string().max(4_000).optional().describe('What may go wrong.'),
  }),
  answer: z.object({ recorded: z.literal(true) }),
  async run({ goal, plan, risks }, desk) {
    const { firing, session } = desk.caller
    if (firing !== undefined || session !== undefined) await desk.history.note(firing?.session ?? session!, { note: 'think', goal, plan, ...(risks === undefined ? {} : { risks }) })
    return { recorded: true as const }
  },
})
