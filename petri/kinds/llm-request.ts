import type { Json, JsonObject } from '../json.js'
import { fill, parseTemplate, type Roots } from '../template.js'
import { textOf } from './pieces.js'
import type { LlmRequest } from './request.js'
import { RequestFault } from './request-fault.js'

/** How the request of a checked llm action is made of roots; templates are parsed once. */
export function llmRequest(action: JsonObject): (roots: Roots) => LlmRequest {
  const words = promptWords(action)
  const fixed = {
    kind: 'llm' as const,
    ...(action['schema'] === undefined ? {} : { schema: action['schema'] }),
    ...(typeof action['temperature'] === 'number' ? { temperature: action['temperature'] } : {}),
    ...(typeof action['maxTokens'] === 'number' ? { maxTokens: action['maxTokens'] } : {}),
  }
  return (roots) => ({ ...fixed, ...words(roots) })
}

/** prompt, system and model, filled in. Data that goes into a prompt goes in as text: it is never looked at again as a template. */
export function promptWords(action: JsonObject): (roots: Roots) => { prompt: string; system?: string; model?: string } {
  const prompt = words(action['prompt'] ?? '')
  const system = action['system'] === undefined ? undefined : words(action['system'])
  const model = action['model'] === undefined ? undefined : words(action['model'])
  return (roots) => ({ prompt: prompt(roots), ...(system === undefined ? {} : { system: system(roots) }), ...(model === undefined ? {} : { model: model(roots) }) })
}

function words(value: Json): (roots: Roots) => string {
  const parsed = parseTemplate(value)
  if (!parsed.ok) throw new RequestFault('template-error', parsed.message)
  return (roots) => textOf(fill(parsed.value, roots))
}
