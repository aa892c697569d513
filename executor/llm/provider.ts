import type { Json } from '../../petri/json.js'
import type { Usage } from '../../petri/models.js'
import type { Answer, Message, ModelGrant } from '../../protocol/model.js'

/** A tool as a model is told of it: JSON Schema of its parameters. */
export interface OfferedTool {
  readonly name: string
  readonly description: string
  readonly parameters: Json
}

export interface Ask {
  readonly model: ModelGrant
  readonly messages: readonly Message[]
  readonly tools: readonly OfferedTool[]
  /** the answer's text is JSON that fits this */
  readonly schema?: Json | undefined
  readonly temperature?: number | undefined
  readonly maxTokens: number
  /** the same for every try of this call: a provider that knows it charges once */
  readonly idempotencyKey: string
  readonly signal: AbortSignal
  /** text as it comes */
  readonly onText?: ((text: string) => void) | undefined
}

/**
 * Why a model gave no answer. `passing`: the same call may do better later, or another model now.
 */
export class ModelFault extends Error {
  readonly code: 'transport' | 'timeout' | 'overloaded' | 'server-error' | 'refused' | 'unauthorized' | 'bad-answer' | 'too-long' | 'not-found' | 'breaker-open' | 'aborted' | 'no-key' | 'egress-refused' | 'no-recording'
  readonly passing: boolean
  readonly retryAfterMs: number | undefined
  /** what the call is likely to be charged for all the same: its answer had begun */
  usage: Usage | undefined
  constructor(code: ModelFault['code'], message: string, passing: boolean, retryAfterMs?: number, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'ModelFault'
    this.code = code
    this.passing = passing
    this.retryAfterMs = retryAfterMs
  }
}

/** One way to speak to models. One try: who retries, grants and records is above it. */
export interface Provider {
  /** throws ModelFault, nothing else */
  ask(ask: Ask): Promise<Answer>
}
