import { canonicalText } from '../../petri/canonical.js'
import type { Stamp } from '../../petri/fire.js'
import type { LiveToken } from '../../petri/live-token.js'
import { RateWindow } from '../../petri/rate.js'
import { resolve } from '../../petri/template.js'
import { isList, type Bound, type TransitionState } from '../../petri/transition-state.js'
import type { Batch } from './batch.js'
import { countFiring } from './limits.js'
import type { Own } from './own.js'

/** What every firing leaves behind: its rate, its tick, its pivot when it was only read. */
export function used(own: Own, batch: Batch, state: TransitionState, correlation: string): void {
  batch.firings++
  const { kind } = state.program.transition
  batch.kinds.set(kind, (batch.kinds.get(kind) ?? 0) + 1)
  batch.about(state.program.address, correlation)
  state.tick = false
  const rate = own.rates.get(state)
  if (rate) rate.count(rateKey(state) ?? '', batch.at)
  if (state.pivot && state.program.inputs[0]!.arc.mode === 'read') own.marking.giveBack(state)
  countFiring(own, batch, state)
}

export function stampOf(own: Own, batch: Batch, consumed: readonly LiveToken[]): Stamp {
  const event = batch.next
  const correlated = consumed.find((token) => token.correlationId !== '')
  return { event, at: batch.at, revision: own.revision, attempt: 1, correlationId: correlated?.correlationId ?? String(event) }
}

/** The tokens that a binding consumes, in input order. */
export function consumedOf(inputs: TransitionState['program']['inputs'], bound: readonly Bound[]): LiveToken[] {
  const tokens: LiveToken[] = []
  for (const input of inputs) {
    if (input.arc.mode !== 'consume') continue
    const one = bound[input.index]!
    if (one === null) continue
    if (isList(one)) tokens.push(...one)
    else tokens.push(one)
  }
  return tokens
}

export function readOf(state: TransitionState): number[] {
  const ids: number[] = []
  for (const input of state.program.inputs) {
    if (input.arc.mode !== 'read') continue
    const one = state.bound[input.index]!
    if (one === null) continue
    if (isList(one)) ids.push(...one.map((token) => token.id))
    else ids.push(one.id)
  }
  return ids
}

export function rateOf(own: Own, state: TransitionState): RateWindow | undefined {
  const { rate } = state.program.transition
  if (rate === undefined) return undefined
  let window = own.rates.get(state)
  if (window === undefined) own.rates.set(state, (window = new RateWindow(rate.limit, rate.window)))
  return window
}

/** A firing under a rate with `per` says its key, so that a successor can count on. */
export function rateText(state: TransitionState): string {
  return state.program.ratePer === undefined ? '' : `,"rate":${JSON.stringify(rateKey(state) ?? '')}`
}

/** Undefined when `per` does not resolve: the firing then counts under the empty key. */
export function rateKey(state: TransitionState): string | undefined {
  const { ratePer } = state.program
  if (ratePer === undefined) return ''
  const value = resolve(ratePer, state.roots)
  return value === undefined ? undefined : canonicalText(value)
}
