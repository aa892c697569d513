import { z } from 'zod'
import { reaches } from '../role.js'
import { anyData } from '../parameter.js'
import { tool } from '../tool.js'

export const done = tool({
  name: 'DONE',
  tier: 'control',
  touch: 'control',
  description: 'Ends your work. A changed draft becomes a proposal, with your summary as its reason; one with errors is sent back to you with its findings.',
  parameters: z.strictObject({
    summary: z.string().min(1).max(8_000).describe('What you did and why; the first line is the title of the proposal.'),
    result: anyData.optional().describe('The result of the firing, as its schema asks.'),
  }),
  answer: z.object({
    done: z.literal(true),
    proposal: z.int().nullable().describe('The proposal that a person decides; null when nothing was changed.'),
    opened: z.boolean().describe('false: it went on with the proposal of this conversation.'),
    mergeable: z.boolean(),
    reason: z.string().describe('Why it cannot be merged yet.'),
    diff: z.string().describe('What the draft means against main.'),
  }),
  async run({ summary }, desk) {
    const proposed = reaches(desk.caller.role, 'write') ? await desk.drafts.propose(summary) : undefined
    if (!proposed) return { done: true as const, proposal: null, opened: false, mergeable: false, reason: '', diff: '' }
    const { proposal, opened, mergeable, reason, diff } = proposed
    return { done: true as const, proposal, opened, mergeable, reason, diff }
  },
})
