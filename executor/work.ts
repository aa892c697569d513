import type { LeasedEffect } from '../protocol/effect.js'
import type { LeaseRef } from '../protocol/executor.js'

// a. A lease is counted from *sending* the request that got or prolonged it, on the monotonic clock.
// b. At 80 % of it without an answer the work is stopped: it is dead before anyone else can have it.

/** Why work is stopped; `lost` and `late`: nobody waits for its outcome. */
export type StopReason = 'lost' | 'late' | 'cancelled' | 'drained'

export interface Piece {
  readonly ref: LeaseRef
  readonly effect: LeasedEffect
  readonly controller: AbortController
  readonly startedAt: number
  /** monotonic time at which it is stopped unless a heartbeat is answered */
  goodUntil: number
  /** its outcome is known and on its way */
  done: boolean
  /** it calls models: a stop must reach it within a second */
  readonly quick: boolean
}

const SHARE = 0.8

/** What the executor holds: work that runs, and outcomes not yet taken. */
export class Work {
  readonly capacity: number
  readonly #pieces = new Map<string, Piece>()
  #freed: (() => void)[] = []
  #guard: NodeJS.Timeout | undefined

  constructor(capacity: number) {
    this.capacity = capacity
  }

  get free(): number {
    return this.capacity - this.#pieces.size
  }

  get pieces(): readonly Piece[] {
    return [...this.#pieces.values()]
  }

  /** Whether anything runs that is asked about more often. */
  get quick(): boolean {
    for (const piece of this.#pieces.values()) if (piece.quick && !piece.done) return true
    return false
  }

  begin(effect: LeasedEffect, sentAt: number): Piece {
    const { session, firing, attempt, lease } = effect
    const piece = {
      ref: { session, firing, attempt, lease }, effect, controller: new AbortController(), startedAt: performance.now(),
      goodUntil: sentAt + SHARE * effect.leaseMs, done: false,
      quick: effect.request.kind === 'llm' || effect.request.kind === 'agent',
    }
    this.#pieces.set(keyOf(piece.ref), piece)
    this.#guard ??= setInterval(() => this.#stopLate(), 200)
    return piece
  }

  prolong(ref: LeaseRef, sentAt: number): void {
    const piece = this.#pieces.get(keyOf(ref))
    if (piece !== undefined) piece.goodUntil = sentAt + SHARE * piece.effect.leaseMs
  }

  stop(ref: LeaseRef, reason: StopReason): void {
    this.#pieces.get(keyOf(ref))?.controller.abort(reason)
  }

  /** Nothing more is owed for it. */
  end(ref: LeaseRef): void {
    if (!this.#pieces.delete(keyOf(ref))) return
    if (this.#pieces.size === 0) {
      clearInterval(this.#guard)
      this.#guard = undefined
    }
    for (const wake of this.#freed.splice(0)) wake()
  }

  /** Resolves when `slots` are free, or the signal aborts. */
  async roomFor(slots: number, signal: AbortSignal): Promise<void> {
    while (this.free < slots && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          signal.removeEventListener('abort', wake)
          resolve()
        }
        this.#freed.push(wake)
        signal.addEventListener('abort', wake)
      })
    }
  }

  #stopLate(): void {
    const now = performance.now()
    for (const piece of this.#pieces.values()) if (!piece.done && piece.goodUntil < now) piece.controller.abort('late')
  }
}

function keyOf(ref: LeaseRef): string {
  return `${ref.session} ${ref.firing} ${ref.attempt} ${ref.lease}`
}
