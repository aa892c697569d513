import { concludeFault, fault, fire, firingRoots, type Conclusion } from '../../petri/fire.js'
import { enable } from '../../petri/enable.js'
import type { LiveToken } from '../../petri/live-token.js'
import type { TransitionState } from '../../petri/transition-state.js'
import { idsText, type Batch } from './batch.js'
import { book } from './book.js'
import { startEffect } from './effect.js'
import { failFiring } from './fail-firing.js'
import { consumedOf, rateKey, rateOf, rateText, readOf, stampOf, used } from './firing.js'
import type { Own } from './own.js'
import { judge, putIn, takeOut } from './place.js'

/** A firing that failed where no net can be to blame: its transition is stopped, the batch made anew without it. */
export class FiringError extends Error {
  readonly transition: string
  constructor(transition: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.transition = transition
  }
}

/** Fires until all is quiet or the batch is full. Transitions take turns: to the end of the queue after each firing. */
export function step(own: Own, batch: Batch, most: number): void {
  while (!batch.full && batch.firings < most) {
    const state = own.marking.next()
    if (state === undefined) return
    try {
      if (state.free && fireOne(own, batch, state)) own.marking.wake(state)
    } catch (error) {
      throw new FiringError(state.program.address, error)
    }
  }
}

/** Tries one firing of a transition; true when it is worth trying again. */
export function fireOne(own: Own, batch: Batch, state: TransitionState): boolean {
  const { program } = state
  const { approval } = program.transition
  const { limits } = own.program.config
  if (approval === undefined ? !program.pure && own.pending.size - own.awaiting >= limits.effects : own.awaiting >= limits.awaiting) {
    own.starved.add(state)
    return false
  }
  const rate = rateOf(own, state)
  if (rate && program.ratePer === undefined) {
    const free = rate.freeAt('', batch.at)
    if (free !== undefined) {
      own.marking.wakeAt(free, state, undefined)
      return false
    }
  }
  if (!enable(state, (candidate, pivot) => passesRate(own, batch, candidate, pivot))) return false
  return program.pure && approval === undefined ? firePure(own, batch, state) : startEffect(own, batch, state)
}

function firePure(own: Own, batch: Batch, state: TransitionState): boolean {
  const { program } = state
  const consumed = consumedOf(state.program.inputs, state.bound)
  const stamp = stampOf(own, batch, consumed)
  const depth = consumed.length === 0 ? 0 : 1 + consumed.reduce((least, token) => Math.min(least, token.depth), Infinity)
  const roots = firingRoots(state.roots, program, stamp)
  let conclusion: Conclusion = depth > own.program.config.limits.depth
    ? fault('loop-limit', `depth ${depth} is over limits.depth of the session`, 1, null)
    : fire(own.program, program, roots)
  if (conclusion.ok) {
    const placing = judge(own, conclusion.products, consumed, {}, false)
    if ('full' in placing) {
      own.marking.wait(placing.full, state)
      if (!state.pivot) state.dirty = false
      return state.pivot
    }
    if ('fault' in placing) conclusion = { ok: false, fault: placing.fault }
    else {
      takeOut(own, batch, consumed)
      const parents = consumed.map((token) => token.id)
      const arrival = putIn(own, batch, placing.placement, { by: program.address, parents, depth, correlationId: stamp.correlationId })
      batch.add('transition.fired', firedText(program.address, parents, arrival, state, depth, stamp.correlationId, conclusion.dropped, conclusion.usd))
      book(batch, program, conclusion.usd)
      state.failures = 0
    }
  }
  if (!conclusion.ok) {
    failFiring(own, batch, {
      transition: program, program: own.program, consumed, roots, fault: conclusion.fault, correlationId: stamp.correlationId, depth,
      firing: undefined, products: concludeFault(own.program, program, roots, conclusion.fault), state,
    })
  }
  used(own, batch, state, stamp.correlationId)
  return true
}

function firedText(address: string, parents: readonly number[], arrival: ReturnType<typeof putIn>, state: TransitionState, depth: number, correlation: string, dropped: boolean, usd: number | undefined): string {
  const read = readOf(state)
  return `"transition":"${address}","consumed":${idsText(arrival.left.length === 0 ? parents : [...parents, ...arrival.left])}`
    + (read.length === 0 ? '' : `,"read":${idsText(read)}`)
    + `,"depth":${depth},"correlation":${JSON.stringify(correlation)},"produced":${arrival.text}${arrival.extra}`
    + rateText(state) + (dropped ? ',"dropped":true' : '') + (usd === undefined ? '' : `,"usd":${usd}`)
}

/** A token whose value is at its limit is passed over, and tried again when its window has moved on. */
function passesRate(own: Own, batch: Batch, state: TransitionState, pivot: LiveToken | undefined): boolean {
  if (state.program.ratePer === undefined) return true
  const free = own.rates.get(state)!.freeAt(rateKey(state) ?? '', batch.at)
  if (free === undefined) return true
  own.marking.wakeAt(free, state, pivot)
  return false
}
