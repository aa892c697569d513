import { own, type Json, type JsonObject } from '../../petri/json.js'
import { compileSchema } from '../../petri/schema.js'
import type { AgentRequest, Outcome } from '../../protocol/effect.js'
import { failed } from '../failed.js'
import type { Exchange } from './call.js'
import type { Tally } from './tally.js'
import { made, type Begun, type ToolResult } from './tool-desk.js'

const MISFITS = 2
const DRAFT_ERRORS = 3

/** How an agent ends by its own word: DONE, whose result fits and whose draft stands, or FAIL. */
export class Finish {
  readonly #exchange: Exchange
  readonly #request: AgentRequest
  readonly #tally: Tally
  readonly #misfits: ((value: Json) => readonly { readonly path: string, readonly message: string }[]) | undefined
  #misfitted = 0
  #sentBack = 0

  constructor(exchange: Exchange, request: AgentRequest, tally: Tally) {
    this.#exchange = exchange
    this.#request = request
    this.#tally = tally
    const schema = request.schema === undefined ? undefined : compileSchema(request.schema as Json)
    this.#misfits = schema?.ok === true ? schema.value : undefined
  }

  /** Whether a value is a result that this agent may give. */
  fits(value: Json): boolean {
    return this.#misfits === undefined || this.#misfits(value).length === 0
  }

  /** The outcome; or what was wrong, for the agent to mend. */
  async by(word: 'DONE' | 'FAIL', input: JsonObject, begun: Begun): Promise<ToolResult | Outcome> {
    const misfit = word === 'DONE' ? this.#misfit(own(input, 'result')) : undefined
    if (misfit !== undefined) return misfit
    const result = await made(this.#exchange, word, input, begun)
    if (!result.ok) return result.code === 'draft-has-errors' ? this.#back(result) : result
    const text = (key: string): string => (typeof own(input, key) === 'string' ? own(input, key) as string : '')
    if (word === 'FAIL') {
      return failed('agent-failed', text('reason') || 'the agent gave up', { detail: { reason: text('reason'), tried: own(input, 'tried') ?? null, partial: this.#tally.partial() } })
    }
    return { status: 'done', result: this.#resultOf(input, result.output) as never }
  }

  #resultOf(input: JsonObject, output: Json): Json {
    const given = own(input, 'result')
    if (given !== undefined) return given
    const proposal = typeof output === 'object' && output !== null && !Array.isArray(output) ? own(output as JsonObject, 'proposal') : undefined
    return { text: own(input, 'summary') ?? '', ...(typeof proposal === 'number' ? { proposal } : {}) }
  }

  #misfit(result: Json | undefined): ToolResult | Outcome | undefined {
    if (this.#misfits === undefined) return undefined
    const errors = result === undefined ? [{ path: '$', message: 'there is no result' }] : this.#misfits(result)
    if (errors.length === 0) return undefined
    const message = `the result does not fit the schema: ${errors.slice(0, 8).map(({ path, message }) => `${path} ${message}`).join('; ')}`
    this.#misfitted += 1
    if (this.#misfitted > MISFITS) return failed('answer-misfit', message, { detail: { result: result ?? null, partial: this.#tally.partial() } })
    const remedy = 'call DONE again with a result that fits the schema you were given'
    return { ok: false, code: 'answer-misfit', remedy, output: { code: 'answer-misfit', message, remedy } }
  }

  #back(result: ToolResult): ToolResult | Outcome {
    this.#sentBack += 1
    if (this.#sentBack <= DRAFT_ERRORS) return result
    return failed('draft-has-errors', `the agent's draft still has errors after ${DRAFT_ERRORS} times`, { detail: { refusal: result.output, partial: this.#tally.partial() } })
  }
}
