import { z } from 'zod'
import { tokenAddress } from '../address.js'
import { tokenParameter } from '../parameter.js'
import { tool } from '../tool.js'

export const deleteToken = tool({
  name: 'DELETE_TOKEN',
  tier: 'write',
  touch: 'tokens',
  description: 'Removes one token that is not held by a firing. The event log keeps its data, and your reason. In its own net an agent removes only from places that it may put into.',
  parameters: z.strictObject({ token: tokenParameter, reason: z.string().min(1).max(1_000).describe('Why; it is recorded.') }),
  answer: z.object({ scope: z.string(), removed: z.string() }),
  async run({ token, reason }, desk) {
    const { session, id } = tokenAddress(desk, token)
    const found = await desk.tokens.find(session, id)
    await desk.tokens.remove(session, id, reason)
    return { scope: `${session}/${found.place}`, removed: id }
  },
})
