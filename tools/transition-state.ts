import { z } from 'zod'

/** How a transition is, as answers tell it. */
export const transitionState = z.object({
  state: z.string(), ready: z.boolean(), message: z.string(), firings: z.int(), failed: z.int().describe('Dead letters of it.'), running: z.int(),
  waiting: z.array(z.string()).describe('What its effects wait for.'), usd: z.number(),
})
