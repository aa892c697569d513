import type { ArcIndex } from './arc-index.js'
import type { Json } from './json.js'
import type { LiveToken } from './live-token.js'
import { resolve } from './template.js'
import { isList, type Bound, type TransitionState } from './transition-state.js'

/** Most tokens, and bytes of them, that one list of a binding holds. */
const LIST_LIMIT = 10_000
const LIST_BYTES = 8 * 2 ** 20

/**
 * The first complete binding of a transition (LANGUAGE: depth first in input order, oldest or `orderBy` first), left in
 * `state.bound` and `state.data`; false when there is none. The pivot it used is off `tries`: give it back if unused.
 * `passes` may turn a pivot down (rate limits); it then parks it itself.
 */
export function enable(state: TransitionState, passes: (state: TransitionState, pivot: LiveToken | undefined) => boolean): boolean {
  if (!state.pivot) {
    if (!state.dirty) return false
    if (passes(state, undefined) && bind(state, 0)) return true
    state.dirty = false
    return false
  }
  for (let token = state.tries.shift(); token !== undefined; token = state.tries.shift()) {
    state.bound[0] = token
    state.data[0] = token.data
    if (!bind(state, 1)) state.parked.add(token)
    else if (passes(state, token)) return true
  }
  return false
}

function bind(state: TransitionState, index: number): boolean {
  const arc = state.arcs[index]
  if (arc === undefined) return true
  const { arc: declared } = arc.program
  if (declared.mode === 'inhibit') return bindNothing(state, arc, index)
  return declared.take.form === 'one' ? bindOne(state, arc, index) : bindList(state, arc, index)
}

/** The tokens of an arc that match here, held ones included: `visit` returns false to stop. */
function matches(state: TransitionState, arc: ArcIndex, visit: (token: LiveToken) => boolean): void {
  const { guard, clash } = arc.program
  arc.candidates(state.data)?.each((token) => {
    if (token.superseded) return true
    if (clash && isBound(state, token, arc.program.index)) return true
    return guard === undefined || guard(token, state.roots) ? visit(token) : true
  })
}

function bindNothing(state: TransitionState, arc: ArcIndex, index: number): boolean {
  let found = false
  matches(state, arc, () => {
    found = true
    return false
  })
  if (found) return false
  return set(state, index, null, undefined) && bind(state, index + 1)
}

function bindOne(state: TransitionState, arc: ArcIndex, index: number): boolean {
  let done = false
  let any = false
  matches(state, arc, (token) => {
    any = true
    if (token.holder !== 0) return true
    done = set(state, index, token, token.data) && bind(state, index + 1)
    return !done
  })
  if (done || any || !arc.program.arc.optional) return done
  return set(state, index, null, null) && bind(state, index + 1)
}

function bindList(state: TransitionState, arc: ArcIndex, index: number): boolean {
  const { take, optional } = arc.program.arc
  const most = take.form === 'all' ? LIST_LIMIT : listLength(state, arc)
  if (most === undefined) return false
  const tokens: LiveToken[] = []
  let bytes = 0
  let held = false
  if (most > 0) {
    matches(state, arc, (token) => {
      if (token.holder !== 0) {
        held = true
        return true
      }
      bytes += token.text.length
      if (bytes > LIST_BYTES && tokens.length > 0) return false
      tokens.push(token)
      return tokens.length < most
    })
  }
  if (held && (take.form === 'all' || (optional && tokens.length === 0))) return false
  if (take.form === 'exactly' && tokens.length < most && !(optional && tokens.length === 0)) return false
  if (take.form !== 'exactly' && tokens.length === 0 && !optional) return false
  return set(state, index, tokens, tokens.map((token) => token.data)) && bind(state, index + 1)
}

function listLength(state: TransitionState, arc: ArcIndex): number | undefined {
  const { count } = arc.program
  if (typeof count === 'number' || count === undefined) return count
  const value = resolve(count, state.roots)
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LIST_LIMIT ? value : undefined
}

function set(state: TransitionState, index: number, bound: Bound, data: Json | undefined): boolean {
  state.bound[index] = bound
  state.data[index] = data
  return true
}

function isBound(state: TransitionState, token: LiveToken, before: number): boolean {
  for (let index = 0; index < before; index++) {
    const bound = state.bound[index]!
    if (bound === token || (bound !== null && isList(bound) && bound.includes(token))) return true
  }
  return false
}
