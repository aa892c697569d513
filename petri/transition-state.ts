import { ArcIndex } from './arc-index.js'
import type { InputProgram, TransitionProgram } from './compile.js'
import type { Json } from './json.js'
import type { LiveToken } from './live-token.js'
import type { Roots } from './template.js'
import { TokenQueue } from './token-queue.js'

/** What one input is bound to: a token, a list of them, or null (optional, or an inhibit that held). */
export type Bound = LiveToken | readonly LiveToken[] | null

/**
 * A transition in the marking: its arcs' tokens and what is still to be tried.
 *
 * A. When the first input takes one token, it is the pivot: each of its tokens is either in `tries` or in `parked`.
 * B. A parked token has no complete binding, and stays so until something arrives at, or leaves, another input; then
 *    exactly the pivots it could complete go back to `tries` (marking.ts). So nothing is scanned twice for nothing.
 * C. Without a pivot, `dirty` says that something changed since the last search found nothing.
 */
export class TransitionState {
  readonly program: TransitionProgram
  readonly arcs: readonly ArcIndex[]
  readonly pivot: boolean
  readonly tries: TokenQueue
  readonly parked = new Set<LiveToken>()
  dirty = true
  /** in the marking's ready queue */
  queued = false
  /** stopped by a person, a limit or a fault */
  stopped = false
  /** effects of it that run or wait */
  running = 0
  /** dead letters in a row */
  failures = 0
  /** a schedule's tick that has come and not been used */
  tick = false
  /** data and tokens bound by the search at hand, by input */
  readonly data: (Json | undefined)[]
  readonly bound: Bound[]
  readonly roots: Roots

  constructor(program: TransitionProgram) {
    this.program = program
    this.arcs = program.inputs.map((input, index) => new ArcIndex(input, program.inputs.slice(index + 1)))
    const first = program.inputs[0]
    this.pivot = first !== undefined && isPivot(first)
    this.tries = new TokenQueue(first?.order)
    this.data = program.inputs.map(() => undefined)
    this.bound = program.inputs.map(() => null)
    this.roots = bindingRoots(program, this.data, this.bound)
  }

  get free(): boolean {
    const { program } = this
    return program.runnable && !this.stopped && (program.pure || this.running < program.transition.concurrency) && (program.transition.schedule === undefined || this.tick)
  }
}

function isPivot(input: InputProgram): boolean {
  return input.arc.take.form === 'one' && input.arc.mode !== 'inhibit' && !input.arc.optional
}

/** Roots over what is bound: each variable its data, `_x` its `_meta`, and `params`. Reads the arrays when asked. */
export function bindingRoots(program: TransitionProgram, data: readonly (Json | undefined)[], bound: readonly Bound[]): Roots {
  const index = new Map(program.inputs.map((input, position) => [input.arc.variable, position] as const))
  return (name) => {
    if (name === 'params') return program.net.params
    const position = index.get(name)
    if (position !== undefined) return data[position]
    if (!name.startsWith('_')) return undefined
    const token = bound[index.get(name.slice(1)) ?? -1]
    if (token === undefined || token === null) return undefined
    return isList(token) ? token.map((one) => one.meta()) : token.meta()
  }
}

export function isList(bound: Bound): bound is readonly LiveToken[] {
  return Array.isArray(bound)
}
