import { poolOf } from '../../protocol/effect.js'
import type { TransitionProgram } from '../../petri/compile.js'
import { concludeFault, failure, firingRoots, type Fault } from '../../petri/fire.js'
import { effectRequest, type EffectRequest } from '../../petri/kinds/request.js'
import { LiveToken } from '../../petri/live-token.js'
import type { Address } from '../../petri/net.js'
import type { Roots } from '../../petri/template.js'
import { isList, type Bound, type TransitionState } from '../../petri/transition-state.js'
import { idsText, type Batch } from './batch.js'
import { failFiring } from './fail-firing.js'
import type { CopiedToken, Hold, Own, Pending } from './own.js'
import { approvalRoots, orderOf } from './pending.js'
import { consumedOf, rateText, readOf, stampOf, used } from './firing.js'

/** Begins a firing whose work is outside, or that a person must approve: reserves its tokens and slots and writes the effect. */
export function startEffect(own: Own, batch: Batch, state: TransitionState): boolean {
  const { program } = state
  const { approval } = program.transition
  const slots = slotsOf(program, own)
  const full = Object.keys(slots).map((address) => own.marking.places.get(address)!).find((place) => place.room < 1)
  if (full) {
    own.marking.giveBack(state)
    own.marking.wait(full, state, false)
    return false
  }
  const consumed = consumedOf(program.inputs, state.bound)
  const stamp = stampOf(own, batch, consumed)
  const firingOnly = firingRoots(state.roots, program, stamp)
  const roots = approval === undefined ? firingOnly : approvalRoots(firingOnly, undefined)
  const request = requestOf(program, roots)
  if ('fault' in request) {
    failFiring(own, batch, {
      transition: program, program: own.program, consumed, roots, fault: request.fault, correlationId: stamp.correlationId, depth: 0,
      firing: undefined, products: concludeFault(own.program, program, roots, request.fault), state,
    })
    used(own, batch, state, stamp.correlationId)
    return true
  }
  const hold: Hold = {
    generation: own.program.generation, at: batch.at, correlation: stamp.correlationId, revision: own.revision,
    bound: state.bound.map(boundIds), copies: program.inputs.map((input) => (input.arc.mode === 'read' ? copies(state.bound[input.index]!) : null)), slots,
  }
  const firing = batch.add('transition.started',
    `"transition":"${program.address}","reserved":${idsText(consumed.map((token) => token.id))},"read":${idsText(readOf(state))},"correlation":${JSON.stringify(stamp.correlationId)}${rateText(state)}${approval === undefined ? '' : ',"awaiting":true'},"produced":[]`)
  for (const token of consumed) own.marking.reserve(token, firing)
  for (const [address, count] of Object.entries(slots)) own.marking.promise(address, count)
  const { transition, net } = program
  batch.rest.started.push({
    firing, net: net.name, transition: transition.name, kind: transition.kind, labels: transition.executor, pool: poolOf(transition.executor),
    workspace: 'workspace' in request.request ? (request.request.workspace ?? '') : '',
    request: orderOf(own, program, firing, stamp.correlationId, request.request),
    hold,
    ...(approval === undefined ? {} : { awaiting: true, ...(approval.expires === undefined ? {} : { expires: batch.at + approval.expires }) }),
  })
  own.pending.set(firing, { firing, attempt: 1, program: own.program, transition: program, data: [...state.data], bound: [...state.bound], consumed, hold, blocked: undefined, awaiting: approval !== undefined })
  if (approval === undefined) state.running++
  else own.awaiting++
  used(own, batch, state, stamp.correlationId)
  return true
}

/** One slot in each capacity place among the success outputs: what an effect must be able to promise. */
function slotsOf(program: TransitionProgram, own: Own): Record<Address, number> {
  const slots: Record<Address, number> = {}
  for (const { arc } of program.outputs) {
    if (arc.on === 'success' && arc.sends === undefined && own.marking.places.get(arc.address)?.program.place.capacity !== undefined) slots[arc.address] = 1
  }
  return slots
}

/** The call that a firing asks for; a pure transition asks for none. */
export function requestOf(program: TransitionProgram, roots: Roots): { readonly request: EffectRequest | { readonly kind: string } } | { readonly fault: Fault } {
  if (program.pure) return { request: { kind: program.transition.kind } }
  try {
    return { request: effectRequest(program.transition, roots) }
  } catch (error) {
    const outcome = failure(error, 1)
    if (outcome.ok) throw error
    return { fault: outcome.fault }
  }
}

function boundIds(bound: Bound): number | readonly number[] | null {
  return bound === null ? null : isList(bound) ? bound.map((token) => token.id) : bound.id
}

function copies(bound: Bound): CopiedToken[] | null {
  if (bound === null) return null
  return (isList(bound) ? bound : [bound]).map((token) => ({
    id: token.id, place: token.place, data: token.data, createdAt: token.createdAt, by: token.producedBy, depth: token.depth, correlation: token.correlationId,
  }))
}

/** A pending firing as it was before a restart, from its hold and the tokens it reserves; undefined when one of them is gone. */
export function restorePending(program: Pending['program'], transition: TransitionProgram, row: { firing: number; attempt: number; state: string; hold: Hold }, token: (id: number) => LiveToken | undefined): Pending | undefined {
  const { hold } = row
  const bound: Bound[] = []
  for (const [index, ids] of hold.bound.entries()) {
    const copied = hold.copies[index]
    const find = (id: number): LiveToken | undefined => {
      const copy = copied?.find((one) => one.id === id)
      return copy ? new LiveToken({ ...copy, text: '', producedBy: copy.by, parents: [], correlationId: copy.correlation }) : token(id)
    }
    if (ids === null) bound.push(null)
    else if (typeof ids === 'number') {
      const one = find(ids)
      if (one === undefined) return undefined
      bound.push(one)
    } else {
      const found = ids.map(find)
      if (found.includes(undefined)) return undefined
      bound.push(found as LiveToken[])
    }
  }
  const data = bound.map((one, index) => (one === null ? (transition.inputs[index]?.arc.mode === 'inhibit' ? undefined : null) : isList(one) ? one.map((each) => each.data) : one.data))
  return { firing: row.firing, attempt: row.attempt, program, transition, data, bound, consumed: consumedOf(transition.inputs, bound), hold, blocked: hold.blocked, awaiting: row.state === 'awaiting' }
}
