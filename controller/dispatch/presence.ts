import type { Queryable } from '../store/database.js'
import { seen } from '../store/executors/seen.js'

const EVERY_MS = 5000

/** Notes which executors are heard of: a change at once, the rest every five seconds, however often they ask. */
export class Presence {
  readonly #noted = new Map<string, { readonly state: string, readonly at: number }>()

  async note(db: Queryable, executor: string, state: 'ready' | 'draining'): Promise<void> {
    const last = this.#noted.get(executor)
    const now = performance.now()
    if (last?.state === state && now - last.at < EVERY_MS) return
    this.#noted.set(executor, { state, at: now })
    await seen(db, executor, state)
  }

  forget(executor: string): void {
    this.#noted.delete(executor)
  }
}
