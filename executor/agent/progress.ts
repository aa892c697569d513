import type { LeasedEffect } from '../../protocol/effect.js'
import type { ProgressItem } from '../../protocol/ledger.js'
import type { Ledger } from '../ledger.js'

const JOIN_MS = 60
const LONGEST = 4_000

/** What watchers of one firing see as it comes: words joined to lines of a moment, calls and results in one line each. */
export class Progress {
  readonly #ledger: Ledger
  readonly #of: Pick<ProgressItem, 'session' | 'firing' | 'correlation'>
  #seq = 0
  #words = ''
  #timer: NodeJS.Timeout | undefined

  constructor(effect: LeasedEffect, ledger: Ledger) {
    this.#ledger = ledger
    this.#of = { session: effect.session, firing: effect.firing, correlation: effect.correlation ?? '' }
  }

  text(words: string): void {
    this.#words += words
    if (this.#words.length >= LONGEST) this.#flush()
    else this.#timer ??= setTimeout(() => this.#flush(), JOIN_MS)
  }

  say(type: Exclude<ProgressItem['type'], 'text'>, text: string, tool?: string): void {
    this.#flush()
    this.#send(type, text, tool)
  }

  /** Nothing more comes. */
  end(): void {
    this.#flush()
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (let from = 0; from < this.#words.length; from += LONGEST) this.#send('text', this.#words.slice(from, from + LONGEST))
    this.#words = ''
  }

  #send(type: ProgressItem['type'], text: string, tool?: string): void {
    this.#seq += 1
    this.#ledger.progress({ ...this.#of, seq: this.#seq, type, text: text.slice(0, LONGEST).toWellFormed(), ...(tool === undefined ? {} : { tool }) })
  }
}
