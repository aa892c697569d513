import { isLost } from '../store/lost.js'
import type { WaitingRow } from '../store/inbox/read.js'
import type { Batch } from './batch.js'
import type { Sealed } from './commit.js'
import { FiringError } from './step.js'

/**
 * What an actor remembers of batches that failed for a reason of their own.
 *
 * A. Twice at the same head: from then on one inbox row a batch and no firing in it, or one firing.
 * B. A row that fails alone is poison: the next batch puts it aside (inbox_dead), with an event. A transition whose
 *    firing fails alone is stopped; its tokens stay where they are.
 * C. After a batch that passed with an empty inbox the caution ends.
 */
export class Poison {
  #head: string | undefined
  #failures = 0
  #cautious = false
  #sealed: Sealed | undefined
  readonly #bad = new Map<number, string>()
  readonly #condemned = new Map<string, string>()

  /** rows to read at a time; undefined: as many as usual */
  get rows(): number | undefined {
    return this.#cautious ? 1 : undefined
  }

  /** most firings in a batch with so many rows */
  firings(rows: number): number {
    return !this.#cautious ? Infinity : rows > 0 ? 0 : 1
  }

  /** Transitions whose firing failed alone: each is stopped, once, in the next batch. */
  condemned(stop: (address: string, message: string) => void): void {
    for (const [address, message] of this.#condemned) stop(address, message)
    this.#condemned.clear()
  }

  /** Runs the decision of a row, or puts the row aside when it is known to be bad or cannot be read. */
  guard(batch: Batch, row: WaitingRow, decide: () => void): void {
    const known = this.#bad.get(row.id)
    if (known !== undefined) return aside(batch, row, known)
    const events = batch.events.length
    try {
      decide()
    } catch (error) {
      // Half a decision must not stay in the batch: the whole batch is made again with the row put aside.
      this.#bad.set(row.id, messageOf(error))
      if (batch.events.length !== events) throw error
      aside(batch, row, messageOf(error))
    }
  }

  watch(sealed: Sealed): void {
    this.#sealed = sealed
  }

  passed(): void {
    this.#failures = 0
    this.#head = undefined
    if (this.#sealed !== undefined && this.#sealed.batch.inbox.length === 0) this.#cautious = false
  }

  /** A batch failed, not for want of ownership. Answers milliseconds to wait before the next try. */
  failed(error: unknown): number {
    if (isLost(error)) return 200
    if (error instanceof FiringError) {
      this.#condemned.set(error.transition, `a firing failed: ${error.message}`)
      return 0
    }
    const sealed = this.#sealed
    const head = sealed?.row.head
    this.#failures = head === this.#head ? this.#failures + 1 : 1
    this.#head = head
    if (this.#cautious && sealed && sealed.batch.inbox.length === 1) this.#bad.set(sealed.batch.inbox[0]!, messageOf(error))
    if (this.#cautious && sealed?.batch.firings === 1) for (const address of sealed.batch.transitions) this.#condemned.set(address, `its firing cannot be committed: ${messageOf(error)}`)
    if (this.#failures >= 2) this.#cautious = true
    return Math.min(50 * 2 ** this.#failures, 10_000)
  }
}

function aside(batch: Batch, row: WaitingRow, error: string): void {
  batch.rest.poisoned.push({ id: row.id, error: error.slice(0, 2_000) })
  batch.note('inbox.poisoned', { code: 'poisoned', message: error.slice(0, 2_000), row: row.id, kind: row.kind })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
