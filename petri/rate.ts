/**
 * A sliding window: at most `limit` firings in any `window` milliseconds, counted for each key by itself. Holds the
 * times of the last firings only, and forgets a key when its window is over.
 */
export class RateWindow {
  readonly #limit: number
  readonly #window: number
  readonly #times = new Map<string, number[]>()

  constructor(limit: number, window: number) {
    this.#limit = limit
    this.#window = window
  }

  /** When the next firing may be: undefined means now. */
  freeAt(key: string, now: number): number | undefined {
    const times = this.#recent(key, now)
    return times.length < this.#limit ? undefined : times[times.length - this.#limit]! + this.#window
  }

  count(key: string, now: number): void {
    const times = this.#recent(key, now)
    times.push(now)
    this.#times.set(key, times)
    if (this.#times.size > 10_000) for (const [old] of this.#times) if (this.#recent(old, now).length === 0) this.#times.delete(old)
  }

  #recent(key: string, now: number): number[] {
    const times = this.#times.get(key) ?? []
    let start = 0
    while (start < times.length && times[start]! <= now - this.#window) start++
    if (start > 0) times.splice(0, start)
    return times
  }
}
