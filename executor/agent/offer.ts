import { z } from 'zod'
import type { Json } from '../../petri/json.js'
import { offered, TOOLS } from '../../tools/catalog.js'
import { isRole } from '../../tools/role.js'
import type { OfferedTool } from '../llm/provider.js'
import { tokenBound } from '../llm/token-bound.js'

export interface Offer {
  readonly tools: readonly OfferedTool[]
  /** most tokens that they take in each request */
  readonly bound: number
}

const offers = new Map<string, Offer>()

/** The tools of a role as a model is told of them; made once a role. */
export function offerOf(role: string): Offer {
  const known = offers.get(role)
  if (known !== undefined) return known
  const tools = (isRole(role) ? [...offered(role)] : []).map(({ name, description, parameters }) => ({ name, description, parameters: schemaOf(parameters) }))
  const offer = { tools, bound: tokenBound({ messages: [], tools, schema: undefined }) }
  offers.set(role, offer)
  return offer
}

/** Whether a tool only reads: such calls of one answer may run beside one another. */
export function onlyReads(name: string): boolean {
  return TOOLS.get(name)?.touch === 'reads'
}

function schemaOf(parameters: z.ZodObject): Json {
  const { $schema: _, ...schema } = z.toJSONSchema(parameters, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>
  return schema as Json
}
