import type { z } from 'zod'
import type { Desk } from './desk.js'
import type { Tier } from './role.js'

/** What a call does: `reads` may run beside others, everything else runs alone. */
export type Touch = 'reads' | 'tokens' | 'draft' | 'operates' | 'outside' | 'control'

/** A tool that an agent may be given. Its schemas are the model's, the API's and the documentation's at once. */
export interface Tool<P extends z.ZodObject = z.ZodObject, A extends z.ZodType = z.ZodType> {
  readonly name: string
  readonly tier: Tier
  readonly touch: Touch
  /** what it does and when to use it, for the model and for docs/tools.md: one to three sentences */
  readonly description: string
  /** strict; each key described */
  readonly parameters: P
  readonly answer: A
  /** does it; failures are `Refusal` or a Failure of the controller, never an answer */
  readonly run: (parameters: z.output<P>, desk: Desk) => Promise<z.output<A>>
}

/** Keeps the types of one tool together. */
export function tool<P extends z.ZodObject, A extends z.ZodType>(given: Tool<P, A>): Tool<P, A> {
  return given
}

/** A call that cannot be done as asked; the agent is told and may do better. */
export class Refusal extends Error {
  readonly code: string
  readonly remedy: string
  readonly details: unknown
  constructor(code: string, message: string, remedy: string, details?: unknown) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.remedy = remedy
    this.details = details
  }
}
