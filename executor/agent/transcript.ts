import type { Json } from '../../petri/json.js'
import type { TranscriptStep } from '../../protocol/ledger.js'
import type { Answer } from '../../protocol/model.js'

// a. Calls of a firing, of models and of tools, are numbered in one row, from 1, over all attempts.
// b. The loop is deterministic but for what models and tools say. So going on means: run it again from its beginning, and
//    take what is recorded under a number instead of calling. What earlier attempts paid for is never paid again.
// c. A model call that is recorded as failed is passed over: a new attempt asks anew, under a new number.
// d. Where loop and record differ (another version wrote it) the record is left, and numbers go on behind it.

export interface RecordedAnswer {
  readonly call: number
  readonly model: string
  readonly answer: Answer
}

type ModelStep = Extract<TranscriptStep, { kind: 'model' }>
type ToolStep = Extract<TranscriptStep, { kind: 'tool' }>

/** Gives each call of a firing its number, and what an earlier attempt recorded under it. */
export class Transcript {
  readonly #steps: Map<number, TranscriptStep>
  readonly #last: number
  #next = 1

  constructor(steps: readonly TranscriptStep[] = []) {
    this.#steps = new Map(steps.map((step) => [step.call, step]))
    this.#last = steps.reduce((last, { call }) => Math.max(last, call), 0)
  }

  /** The number of a new call. */
  number(): number {
    return this.#next++
  }

  /** Why the model was asked next, where that is recorded. */
  get ahead(): string | undefined {
    return this.#model()?.purpose
  }

  /** The recorded answer that comes next; undefined: ask. */
  answer(purpose: string): RecordedAnswer | undefined {
    const step = this.#model()
    if (step?.answer === undefined || step.purpose !== purpose) {
      this.#leave()
      return undefined
    }
    this.#next = step.call + 1
    return { call: step.call, model: step.model, answer: step.answer }
  }

  /** The number of a tool call, and its recorded result where there is one. */
  tool(tool: string): { readonly call: number, readonly recorded?: { readonly output: Json, readonly refused: boolean } } {
    const step = this.#steps.get(this.#next)
    if (step !== undefined && !isTool(step, tool)) this.#leave()
    const call = this.number()
    const found = this.#steps.get(call)
    return found !== undefined && isTool(found, tool) ? { call, recorded: { output: found.output, refused: found.refused } } : { call }
  }

  #model(): ModelStep | undefined {
    for (let call = this.#next; ; call++) {
      const step = this.#steps.get(call)
      if (step?.kind !== 'model') return undefined
      if (step.answer !== undefined) return step
    }
  }

  #leave(): void {
    this.#next = Math.max(this.#next, this.#last + 1)
    this.#steps.clear()
  }
}

function isTool(step: TranscriptStep, tool: string): step is ToolStep {
  return step.kind === 'tool' && step.tool === tool
}
