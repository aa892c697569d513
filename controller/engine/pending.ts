import { firingRoots, type Stamp } from '../../petri/fire.js'
import type { JsonObject } from '../../petri/json.js'
import type { TransitionProgram } from '../../petri/compile.js'
import type { Roots } from '../../petri/template.js'
import { bindingRoots } from '../../petri/transition-state.js'
import type { Approval, Own, Pending } from './own.js'

/** Before a person has spoken, `_approval` stands for whoever will: the call that is shown says so in its place. */
const UNSPOKEN: JsonObject = { by: '(who merges)', at: '(when it is merged)', comment: '(what they say)' }

/** Roots of a firing whose transition asks for approval; `approval` is what a person said, once they have. */
export function approvalRoots(roots: Roots, approval: Approval | undefined): Roots {
  const said: JsonObject = approval === undefined ? UNSPOKEN : { ...approval }
  return (name) => (name === '_approval' ? said : roots(name))
}

/** All roots of a pending firing, as they were when it began, and what a person said of it since. */
export function pendingRoots({ transition, data, bound, firing, attempt, hold }: Pending): Roots {
  const stamp: Stamp = { event: firing, at: hold.at, revision: hold.revision, attempt, correlationId: hold.correlation }
  const roots = firingRoots(bindingRoots(transition, data, bound), transition, stamp)
  return transition.transition.approval === undefined ? roots : approvalRoots(roots, hold.approval)
}

/** What an executor gets (protocol/effect.ts effectOrder): the same for every attempt. */
export function orderOf(own: Own, { transition }: TransitionProgram, firing: number, correlation: string, request: object): object {
  return { timeoutMs: transition.timeout, idempotencyKey: `${own.session}/${firing}`, credentials: transition.credentials, request, correlation }
}
