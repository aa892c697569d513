import { z } from 'zod'
import { sessionParameter } from './parameter.js'

// What the four container tools say in common.

export const containerName = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/, 'write a name: a-z, 0-9 and -, 40 at most')
export const containerSession = sessionParameter.optional()

export const container = z.object({
  name: z.string(),
  image: z.string(),
  state: z.string().describe('As the engine says it: running, exited ...'),
  until: z.string().describe('When it is stopped.'),
  executor: z.string().describe('Where it runs.'),
})

export const ENGINE_WAIT_MS = 30_000
