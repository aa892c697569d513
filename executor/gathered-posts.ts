import { setTimeout as sleep } from 'node:timers/promises'
import { passes, Refused } from './controller-client.js'

interface Waiting<In, Out> {
  readonly one: In
  readonly bytes: number
  readonly since: number
  /** nobody wants it any more: it is not sent again */
  readonly over: () => boolean
  readonly resolve: (out: Out) => void
  readonly reject: (error: unknown) => void
}

interface Posting<In, Out> {
  /** sends a batch; one answer each, in order */
  readonly post: (batch: readonly In[]) => Promise<readonly Out[]>
  readonly most: number
  readonly mostBytes: number
  readonly giveUpMs: number
}

const AT_ONCE = 2

/** Posts of many who ask at once: what has gathered in a turn, or while two posts are on their way, goes in one. */
export class GatheredPosts<In, Out> {
  readonly #posting: Posting<In, Out>
  readonly #queue: Waiting<In, Out>[] = []
  #under = 0
  #idle: (() => void)[] = []

  constructor(posting: Posting<In, Out>) {
    this.#posting = posting
  }

  /** The answer to one. Sent again while it passes; rejects with Refused, when nobody waits any more, or when time is up. */
  add(one: In, bytes: number, over: () => boolean = () => false): Promise<Out> {
    const answer = new Promise<Out>((resolve, reject) => this.#queue.push({ one, bytes, since: performance.now(), over, resolve, reject }))
    setImmediate(() => this.#pump())
    return answer
  }

  /** Resolves when nothing is on its way. */
  async settled(): Promise<void> {
    while (this.#queue.length > 0 || this.#under > 0) await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  #pump(): void {
    const { most, mostBytes } = this.#posting
    while (this.#queue.length > 0 && this.#under < AT_ONCE) {
      let [count, bytes] = [0, 0]
      while (count < Math.min(most, this.#queue.length) && (count === 0 || bytes + this.#queue[count]!.bytes <= mostBytes)) bytes += this.#queue[count++]!.bytes
      this.#under += 1
      void this.#send(this.#queue.splice(0, count)).finally(() => {
        this.#under -= 1
        this.#pump()
        if (this.#queue.length === 0 && this.#under === 0) for (const wake of this.#idle.splice(0)) wake()
      })
    }
  }

  async #send(batch: Waiting<In, Out>[]): Promise<void> {
    for (let attempt = 1; batch.length > 0; attempt++) {
      try {
        const answers = await this.#posting.post(batch.map(({ one }) => one))
        batch.forEach((waiting, at) => waiting.resolve(answers[at]!))
        return
      } catch (error) {
        if (!passes(error)) return this.#refused(batch, error as Refused)
        const now = performance.now()
        const kept = batch.filter((waiting) => !waiting.over() && now - waiting.since < this.#posting.giveUpMs)
        for (const waiting of batch) if (!kept.includes(waiting)) waiting.reject(error)
        batch = kept
        if (batch.length > 0) await sleep(Math.min(5000, 50 * 2 ** attempt) * (0.5 + Math.random() / 2))
      }
    }
  }

  /** One that is bad must not hold up the others: each is sent alone. */
  async #refused(batch: Waiting<In, Out>[], error: Refused): Promise<void> {
    if (batch.length === 1) return batch[0]!.reject(error)
    for (const waiting of batch) await this.#send([waiting])
  }
}
