import { z } from 'zod'
import { json, object, scalar, text, whole } from '../scalar.js'

/** llm: one answer of a model. */
export const llmDo = object({
  prompt: text.min(1).describe('What the model is asked.'),
  system: text.describe('System prompt.').exactOptional(),
  model: text.describe('Name or tier (fast, thinking) in models.yaml; its default unless given.').exactOptional(),
  schema: json.describe('JSON Schema the answer fits; else that of the place that takes ${result}.').exactOptional(),
  temperature: scalar('a number from 0 to 2', z.number().min(0).max(2)).describe('0 to 2; the model’s own unless given.').exactOptional(),
  maxTokens: whole(1).describe('Most tokens of the answer.').exactOptional(),
}).describe('What the model is asked.')
export type LlmDo = z.infer<typeof llmDo>
