import type { JsonObject } from '../json.js'
import type { Roots } from '../template.js'
import { promptWords } from './llm-request.js'
import type { AgentRequest } from './request.js'

/** How the request of a checked agent action is made of roots: its words, and what the firing bound. */
export function agentRequest(action: JsonObject): (roots: Roots) => AgentRequest {
  const words = promptWords(action)
  const inputs = (action['inputs'] ?? []) as unknown as readonly { variable: string; place: string; category: string }[]
  const fixed = {
    kind: 'agent' as const,
    role: String(action['role']),
    maxIterations: Number(action['maxIterations']),
    writes: (action['writes'] ?? []) as unknown as AgentRequest['writes'],
    ...(action['schema'] === undefined ? {} : { schema: action['schema'] }),
  }
  return (roots) => ({ ...fixed, ...words(roots), inputs: inputs.map((input) => ({ ...input, data: roots(input.variable) ?? null })) })
}
