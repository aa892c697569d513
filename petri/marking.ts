import { readPath } from './arcql/path.js'
import type { InputProgram, Program, TransitionProgram } from './compile.js'
import { parseMoment } from './moment.js'
import { LiveToken } from './live-token.js'
import type { Json } from './json.js'
import type { Address } from './net.js'
import { PlaceState } from './place-state.js'
import { TimerHeap } from './timer-heap.js'
import type { TokenId } from './token.js'
import { TransitionState } from './transition-state.js'

type Timer = { readonly at: number } & ({ readonly input: InputProgram; readonly token: LiveToken } | { readonly wake: TransitionState; readonly pivot: LiveToken | undefined })

/**
 * The live part of a session's marking, indexed for firing. Tokens that no arc wants are dormant: counted, not held.
 * All changes come through enter, leave, reserve, release and promise, which keep the invariants of TransitionState.
 */
export class Marking {
  readonly program: Program
  readonly places = new Map<Address, PlaceState>()
  readonly transitions = new Map<string, TransitionState>()
  readonly live = new Map<TokenId, LiveToken>()
  readonly #timers = new TimerHeap<Timer>()
  readonly #states = new Map<TransitionProgram, TransitionState>()
  readonly #freed = new Set<PlaceState>()
  #ready: TransitionState[] = []
  #head = 0

  constructor(program: Program) {
    this.program = program
    for (const place of program.places.values()) this.places.set(place.address, new PlaceState(place))
    for (const transition of program.transitions.values()) {
      const state = new TransitionState(transition)
      this.transitions.set(transition.address, state)
      this.#states.set(transition, state)
    }
  }

  /** A token enters its place; the answer says whether any arc wants it (else it is dormant). */
  enter(token: LiveToken, now: number): boolean {
    const place = this.places.get(token.place)
    if (place === undefined) return false
    place.enter(token.id, token.createdAt, token.data)
    const takers = takersOf(place.program.consumers, token)
    if (takers.length === 0) return false
    token.takers = takers
    this.live.set(token.id, token)
    for (const input of takers) this.#arrive(input, token, now)
    return true
  }

  /** A live token leaves the marking. */
  leave(token: LiveToken): void {
    token.gone = true
    this.live.delete(token.id)
    const place = this.places.get(token.place)
    if (place && !token.superseded) place.leave(token.id, token.data)
    this.#free(place)
    for (const input of token.takers) {
      const state = this.#states.get(input.owner)!
      state.arcs[input.index]!.lost(token)
      if (state.pivot && input.index === 0) state.parked.delete(token)
      else if (input.arc.mode === 'inhibit' || input.arc.optional || input.arc.take.form === 'all') this.#stir(state, input, token)
    }
  }

  /** A dormant token leaves: only its place's counts know it. */
  leaveDormant(address: Address, id: TokenId, data: Json | undefined): void {
    const place = this.places.get(address)
    place?.leave(id, data)
    this.#free(place)
  }

  /** Marks a held token as replaced: it stays for its firing and counts for nothing else. */
  supersede(token: LiveToken): void {
    token.superseded = true
    this.places.get(token.place)?.leave(token.id, token.data)
  }

  reserve(token: LiveToken, firing: number): void {
    token.holder = firing
  }

  release(token: LiveToken): void {
    token.holder = 0
    for (const input of token.takers) this.#again(input, token)
  }

  promise(address: Address, slots: number): void {
    const place = this.places.get(address)
    if (place === undefined) return
    place.promised += slots
    if (slots < 0) this.#free(place)
  }

  /** Puts a transition into the queue of those to be tried. */
  wake(state: TransitionState): void {
    state.dirty = true
    if (state.queued) return
    state.queued = true
    this.#ready.push(state)
  }

  /** Gives an unused pivot back, so that it is tried again when the transition is. */
  giveBack(state: TransitionState): void {
    const pivot = state.bound[0]
    if (state.pivot && pivot instanceof LiveToken && !pivot.gone) state.tries.push(pivot)
    state.dirty = true
  }

  /** The firing must wait until the place has room for it; without `withPivot` the transition waits as a whole. */
  wait(place: PlaceState, state: TransitionState, withPivot = state.pivot): void {
    const pivot = withPivot ? state.bound[0] : undefined
    const token = pivot instanceof LiveToken ? pivot : undefined
    this.#freed.delete(place)
    if (token === undefined && place.waiting.some((waiter) => waiter.state === state)) return
    place.waiting.push({ state, token })
  }

  /** A pivot (or the whole transition) is to be tried again at a time. */
  wakeAt(at: number, state: TransitionState, pivot: LiveToken | undefined): void {
    this.#timers.push({ at, wake: state, pivot })
  }

  get nextTimer(): number | undefined {
    return this.#timers.next
  }

  /** Lets everything happen that is due: tokens become available, waiting pivots are tried again. */
  tick(now: number): void {
    for (let timer = this.#timers.due(now); timer !== undefined; timer = this.#timers.due(now)) {
      if ('wake' in timer) {
        if (timer.pivot !== undefined && !timer.pivot.gone) timer.wake.tries.push(timer.pivot)
        this.wake(timer.wake)
      } else if (!timer.token.gone) this.#add(timer.input, timer.token)
    }
  }

  /** The next transition to try, in turn; undefined when all is quiet. */
  next(): TransitionState | undefined {
    for (;;) {
      const state = this.#ready[this.#head]
      if (state !== undefined) {
        this.#head++
        if (this.#head > 1_024 && this.#head * 2 > this.#ready.length) {
          this.#ready = this.#ready.slice(this.#head)
          this.#head = 0
        }
        state.queued = false
        return state
      }
      this.#ready = []
      this.#head = 0
      if (!this.#wakeWaiting()) return undefined
    }
  }

  get quiet(): boolean {
    return this.#head >= this.#ready.length && this.#freed.size === 0
  }

  #free(place: PlaceState | undefined): void {
    if (place && place.waiting.length > 0) this.#freed.add(place)
  }

  /** One waiter of each place that has room again: it either takes the slot or steps aside for the next. */
  #wakeWaiting(): boolean {
    let woken = false
    for (const place of this.#freed) {
      const waiter = place.room > 0 ? place.waiting.shift() : undefined
      if (waiter === undefined) {
        this.#freed.delete(place)
        continue
      }
      if (waiter.token && !waiter.token.gone && waiter.token.holder === 0) waiter.state.tries.push(waiter.token)
      this.wake(waiter.state)
      woken = true
    }
    return woken
  }

  #arrive(input: InputProgram, token: LiveToken, now: number): void {
    const due = dueAt(input, token)
    if (due === undefined) return
    if (due > now) this.#timers.push({ at: due, input, token })
    else this.#add(input, token)
  }

  #add(input: InputProgram, token: LiveToken): void {
    this.#states.get(input.owner)!.arcs[input.index]!.add(token)
    if (token.holder === 0) this.#again(input, token)
  }

  #again(input: InputProgram, token: LiveToken): void {
    const state = this.#states.get(input.owner)!
    if (state.pivot && input.index === 0) {
      state.parked.delete(token)
      state.tries.push(token)
      this.wake(state)
    } else this.#stir(state, input, token)
  }

  /** Something changed at an input that is not the pivot: what it could complete is tried again. */
  #stir(state: TransitionState, input: InputProgram, token: LiveToken): void {
    if (state.pivot && state.parked.size > 0) this.#unpark(state, input, token)
    else if (state.pivot && state.tries.empty) return
    this.wake(state)
  }

  #unpark(state: TransitionState, input: InputProgram, token: LiveToken): void {
    if (input.join === undefined) {
      for (const pivot of [...state.parked].sort(state.program.inputs[0]!.order)) state.tries.push(pivot)
      state.parked.clear()
      return
    }
    const root = state.program.inputs[input.join.root]!
    for (const partner of state.arcs[root.index]!.partnersOf(input, token) ?? []) {
      if (root.index > 0) this.#unpark(state, root, partner)
      else if (state.parked.delete(partner)) state.tries.push(partner)
    }
  }
}

/** The inputs that want a token; the list itself when all do, so that the common case costs no memory. */
function takersOf(consumers: readonly InputProgram[], token: LiveToken): readonly InputProgram[] {
  for (const [index, input] of consumers.entries()) {
    if (!input.wants(token)) return [...consumers.slice(0, index), ...consumers.slice(index + 1).filter((other) => other.wants(token))]
  }
  return consumers
}

/** When a token becomes available to an arc: at once without `after`; never when its own `after` says nothing readable. */
function dueAt(input: InputProgram, token: LiveToken): number | undefined {
  if (input.afterPath === undefined) return typeof input.arc.after === 'number' ? token.createdAt + input.arc.after : 0
  return parseMoment(readPath(input.afterPath, input.afterPath.base === 'meta' ? token.meta() : token.data), token.createdAt)
}
