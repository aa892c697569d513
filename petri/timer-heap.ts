/** Something that falls due at a time in milliseconds since the epoch. */
export interface Timed {
  readonly at: number
}

/** A binary heap: the earliest comes off first; equal times in no particular order. */
export class TimerHeap<T extends Timed> {
  readonly #items: T[] = []

  get next(): number | undefined {
    return this.#items[0]?.at
  }

  push(item: T): void {
    const items = this.#items
    let index = items.push(item) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (items[parent]!.at <= item.at) break
      items[index] = items[parent]!
      index = parent
    }
    items[index] = item
  }

  /** Takes the earliest off when it is due at `now`. */
  due(now: number): T | undefined {
    const items = this.#items
    const first = items[0]
    if (first === undefined || first.at > now) return undefined
    const last = items.pop()!
    if (items.length > 0) this.#sink(last)
    return first
  }

  #sink(item: T): void {
    const items = this.#items
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= items.length) break
      if (child + 1 < items.length && items[child + 1]!.at < items[child]!.at) child++
      if (items[child]!.at >= item.at) break
      items[index] = items[child]!
      index = child
    }
    items[index] = item
  }
}
