import { printSteps, type Step } from '../arcql/path.js'
import type { Json, JsonObject } from '../json.js'

/** One thing that is wrong with a value: where (`$.items[0].id`) and what, as a sentence about it. */
export interface Misfit {
  readonly path: string
  readonly message: string
}

/** A check under way. Without `errors` only the answer counts and the first "no" ends it. */
export interface State {
  steps: number
  errors: Misfit[] | undefined
  readonly path: Step[]
}

export type Check = (value: Json, state: State) => boolean

/** A schema, compiled. */
export interface Node {
  readonly schema: boolean | JsonObject
  /** those it asks of the same value: a ring of them would never end */
  readonly inPlace: Node[]
  /** where its $ref leads */
  target: Node | undefined
  check: Check
}

export class OverBudget extends Error {}

export function fail(state: State, message: string): false {
  state.errors?.push({ path: `$${printSteps(state.path)}`, message })
  return false
}

/** Asks a schema of a value one step further in. */
export function inside(node: Node, value: Json, step: Step, state: State): boolean {
  if (state.errors === undefined) return node.check(value, state)
  state.path.push(step)
  const ok = node.check(value, state)
  state.path.pop()
  return ok
}

/** Asks without reporting: one choice of several may rightly fail. */
export function quietly(node: Node, value: Json, state: State): boolean {
  const { errors } = state
  state.errors = undefined
  const ok = node.check(value, state)
  state.errors = errors
  return ok
}
