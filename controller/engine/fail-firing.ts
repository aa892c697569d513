import { canonicalText } from '../../petri/canonical.js'
import type { Program, TransitionProgram } from '../../petri/compile.js'
import { inputData, type Fault, type Product } from '../../petri/fire.js'
import type { JsonObject } from '../../petri/json.js'
import type { LiveToken } from '../../petri/live-token.js'
import type { Roots } from '../../petri/template.js'
import type { TransitionState } from '../../petri/transition-state.js'
import { idsText, type Batch } from './batch.js'
import { stopTransition } from './limits.js'
import type { Own } from './own.js'
import { judge, putIn, takeOut, type Placement } from './place.js'

/** Dead letters in a row after which a transition is stopped. */
const MOST_FAILURES = 100

export interface Failing {
  readonly transition: TransitionProgram
  readonly program: Program
  readonly consumed: readonly LiveToken[]
  readonly roots: Roots
  readonly fault: Fault
  readonly correlationId: string
  readonly depth: number
  /** the firing that began earlier; undefined: this event is the firing */
  readonly firing: number | undefined
  /** what the error arcs make of it; undefined: none holds; a fault: they failed themselves */
  readonly products: readonly Product[] | undefined | Fault
  readonly state: TransitionState | undefined
}

/** Ends a firing as a failure: its error arcs if one holds, else the dead letter of its net. The inputs are consumed either way. */
export function failFiring(own: Own, batch: Batch, failing: Failing, more = ''): void {
  const { transition, consumed, state } = failing
  let fault = failing.fault
  let placement: Placement | undefined
  if (failing.products !== undefined && Array.isArray(failing.products)) {
    const placing = judge(own, failing.products as readonly Product[], consumed, {}, true)
    if ('placement' in placing) placement = placing.placement
    else if ('fault' in placing) fault = placing.fault
  } else if (failing.products !== undefined) fault = failing.products as Fault
  const dead = placement === undefined
  placement ??= { products: [deadLetter(own, failing, fault, batch.next)], ignored: undefined, replaced: [] }
  takeOut(own, batch, consumed)
  const parents = consumed.map((token) => token.id)
  const arrival = putIn(own, batch, placement, { by: transition.address, parents, depth: dead ? 0 : failing.depth, correlationId: failing.correlationId })
  batch.add('transition.failed',
    `"transition":"${transition.address}",${failing.firing === undefined ? '' : `"firing":${failing.firing},`}"code":${JSON.stringify(fault.code)},"message":${JSON.stringify(fault.message.slice(0, 2_000))},"dead":${dead}`
    + `,"consumed":${idsText([...parents, ...arrival.left])},"depth":${dead ? 0 : failing.depth},"correlation":${JSON.stringify(failing.correlationId)},"produced":${arrival.text}${arrival.extra}${more}`)
  batch.about(transition.address, failing.correlationId)
  if (!dead || state === undefined) return
  state.failures++
  if (state.failures >= MOST_FAILURES && !state.stopped) stopTransition(own, batch, state, `${MOST_FAILURES} dead letters in a row; the last: ${fault.code}`)
}

/** The token of `net/_failed`: what a person (or a net) needs to see it, retry it or drop it. */
function deadLetter(own: Own, failing: Failing, fault: Fault, event: number): Product {
  const data: JsonObject = {
    transition: failing.transition.transition.name,
    error: { code: fault.code, message: fault.message, attempts: fault.attempts, detail: fault.detail },
    input: inputData(failing.transition, failing.roots),
    firing: String(failing.firing ?? event),
    revision: own.revision,
    attempts: fault.attempts,
    tokens: failing.consumed.filter((token) => !token.superseded).map((token) => ({ place: token.place, data: token.data, correlationId: token.correlationId })),
  }
  return { place: `${failing.transition.net.name}/_failed`, sends: undefined, data, text: canonicalText(data) }
}
