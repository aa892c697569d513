import { z } from 'zod'

/** How a transition is, as answers tell it. */
export const transitionState = z.object({
  state: z.string(), ready: z.boolean(), message: z.string(), failed: z.int().describe('Dead letters of it.'), running: z.int(),
  recent: z.object({ fired: z.int(), failed: z.int(), going: z.int(), lastAt: z.string().nullable(), meanMs: z.number().nullable() }).describe('Of the last twenty firings.'),
  waiting: z.array(z.string()).describe('What its effects wait for.'), usd: z.number(),
})
