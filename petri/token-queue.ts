import type { LiveToken } from './live-token.js'

/** Which of two tokens comes first: negative when a does. */
export type TokenOrder = (a: LiveToken, b: LiveToken) => number

export const byArrival: TokenOrder = (a, b) => a.id - b.id

/**
 * Tokens in order, with lazy deletion: a token that is `gone` is passed over and swept when half are. Arrivals are
 * appended at the end in almost every case, so a push costs O(1); one out of order costs a binary search and a move.
 */
export class TokenQueue {
  readonly #order: TokenOrder
  #items: LiveToken[] = []
  #head = 0
  #lost = 0

  constructor(order: TokenOrder = byArrival) {
    this.#order = order
  }

  push(token: LiveToken): void {
    const items = this.#items
    const last = items[items.length - 1]
    if (last === undefined || items.length === this.#head || this.#order(last, token) < 0) {
      items.push(token)
      return
    }
    let low = this.#head
    let high = items.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#order(items[middle]!, token) < 0) low = middle + 1
      else high = middle
    }
    if (items[low] !== token) items.splice(low, 0, token)
  }

  /** The first token in order that is still there and passes the test. */
  find(test: (token: LiveToken) => boolean): LiveToken | undefined {
    this.#sweep()
    const items = this.#items
    for (let index = this.#head; index < items.length; index++) {
      const token = items[index]!
      if (!token.gone && test(token)) return token
    }
    return undefined
  }

  /** Calls `visit` on each token still there, in order, until it returns false. */
  each(visit: (token: LiveToken) => boolean): void {
    this.find((token) => !visit(token))
  }

  /** Takes the first free token off the queue; tokens that are held or gone before it are taken off and forgotten. */
  shift(): LiveToken | undefined {
    while (this.#head < this.#items.length) {
      const token = this.#items[this.#head++]!
      if (this.#head > 1_024 && this.#head * 2 > this.#items.length) this.#compact()
      if (!token.gone && token.holder === 0) return token
    }
    this.#items = []
    this.#head = 0
    return undefined
  }

  /** True when nothing is left, gone tokens apart. */
  get empty(): boolean {
    this.#sweep()
    return this.#items.length === this.#head
  }

  #sweep(): void {
    const items = this.#items
    while (this.#head < items.length && items[this.#head]!.gone) this.#head++
    if (this.#head > 1_024 && this.#head * 2 > items.length) this.#compact()
  }

  /** One of its tokens has gone: the middle is swept when half of it is dead. */
  lost(): void {
    if (++this.#lost < 32 || this.#lost * 2 < this.#items.length - this.#head) return
    this.#items = this.#items.slice(this.#head).filter((token) => !token.gone)
    this.#head = 0
    this.#lost = 0
  }

  #compact(): void {
    this.#items = this.#items.slice(this.#head)
    this.#head = 0
  }
}
