import { createHash } from 'node:crypto'
import { canonicalText } from '../../petri/canonical.js'
import type { Json, JsonObject } from '../../petri/json.js'
import type { Outcome } from '../../protocol/effect.js'
import { failed } from '../failed.js'

export const MOST_TOOL_CALLS = 200
export const MOST_ERRORS = 5
export const MOST_THOUGHTS = 6
export const SAME_CALLS = 3
const LINES = 60

/** What one firing of an agent has done, and how much more it may do. */
export class Tally {
  readonly #maxIterations: number
  #iterations = 0
  #toolCalls = 0
  #errors = 0
  #thoughts = 0
  #same = 0
  #lastCall = ''
  #lastText = ''
  #draft: Json = null
  readonly #lines: string[] = []

  constructor(maxIterations: number) {
    this.#maxIterations = maxIterations
  }

  get iterationsLeft(): number {
    return this.#maxIterations - this.#iterations
  }

  /** Calls in one line each, the latest last. */
  get lines(): readonly string[] {
    return this.#lines
  }

  /** A turn begins; the outcome when there is none left. */
  turn(): Outcome | undefined {
    if (this.#iterations >= this.#maxIterations) {
      return failed('cap-iterations', `the agent had ${this.#maxIterations} turns and is not done; raise maxIterations, or ask for less`, { detail: this.detail() })
    }
    this.#iterations += 1
    return undefined
  }

  said(text: string): void {
    if (text.trim() !== '') this.#lastText = text
  }

  /** A tool call begins; the outcome when there is none left. */
  call(): Outcome | undefined {
    if (this.#toolCalls >= MOST_TOOL_CALLS) return failed('cap-tool-calls', `the agent made ${MOST_TOOL_CALLS} tool calls and is not done`, { detail: this.detail() })
    this.#toolCalls += 1
    return undefined
  }

  /** What came of a tool call; the outcome when the agent goes round in a circle. */
  result(tool: string, input: Json, output: Json, ok: boolean, line: string): Outcome | undefined {
    this.#lines.push(line)
    if (this.#lines.length > LINES) this.#lines.shift()
    const branch = ok && typeof output === 'object' && output !== null && !Array.isArray(output) ? (output as JsonObject)['branch'] : undefined
    if (typeof branch === 'string') this.#draft = branch
    const call = createHash('sha256').update(`${tool}\n${canonicalText(input)}\n${canonicalText(output)}`).digest('base64')
    this.#same = call === this.#lastCall ? this.#same + 1 : 1
    this.#lastCall = call
    this.#thoughts = tool === 'THINK' && ok ? this.#thoughts + 1 : 0
    const stuck = this.erred(ok)
    // How often DONE may come back has limits of its own.
    if (this.#same >= SAME_CALLS && tool !== 'DONE') return failed('loop-detected', `the agent made the same call ${SAME_CALLS} times running with the same result: ${line}`, { detail: this.detail() })
    if (this.#thoughts >= MOST_THOUGHTS) return failed('cap-thinking', `the agent called THINK ${MOST_THOUGHTS} times in a row and did nothing`, { detail: this.detail() })
    return stuck
  }

  /** Counts what went wrong in a row; the outcome when it is too much. */
  erred(ok: boolean): Outcome | undefined {
    this.#errors = ok ? 0 : this.#errors + 1
    if (this.#errors < MOST_ERRORS) return undefined
    return failed('too-many-errors', `${MOST_ERRORS} calls in a row were wrong; the last one: ${this.#lines.at(-1) ?? 'no tool was called'}`, { detail: this.detail() })
  }

  /** What a failure keeps of the work. */
  partial(): JsonObject {
    return { iterations: this.#iterations, toolCalls: this.#toolCalls, lastText: this.#lastText.slice(0, 4_000).toWellFormed(), calls: [...this.#lines], draft: this.#draft }
  }

  detail(): JsonObject {
    return { partial: this.partial() }
  }
}
