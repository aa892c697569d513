import { z } from 'zod'
import { json, object, scalar, text, whole } from '../scalar.js'

/** r, rw, rwx or rwxh, each with an optional l. */
export const ROLE = /^(r|rw|rwx|rwxh)l?$/

/** agent: a model with tools, until it says DONE. */
export const agentDo = object({
  prompt: text.min(1).describe('What the agent is to do.'),
  system: text.describe('System prompt.').exactOptional(),
  model: text.describe('Name or tier (fast, thinking) in models.yaml; its default unless given.').exactOptional(),
  role: scalar('r, rw, rwx or rwxh, with an optional l', z.string().regex(ROLE)).describe('Which tools it gets: r, rw, rwx or rwxh, each with an optional l; rw unless given.').exactOptional(),
  schema: json.describe('JSON Schema of what it gives to DONE; else that of the place that takes ${result}.').exactOptional(),
  maxIterations: whole(1, 1000).describe('Most turns; 30 unless given.').exactOptional(),
}).describe('What the agent is to do, with which tools.')
export type AgentDo = z.infer<typeof agentDo>
