/** Long-polls that wait for work, by the labels they can serve. */
export class Waiters {
  readonly #waiting = new Set<{ readonly labels: Readonly<Record<string, string>>, wake: () => void }>()

  /**
   * From now until `done`, a wake is noted. `wait` resolves when one comes or has come since the last wait, when the
   * signal aborts, or after `ms`.
   */
  enter(labels: Readonly<Record<string, string>>): { wait: (ms: number, signal: AbortSignal) => Promise<void>, done: () => void } {
    let noted = false
    const waiter = { labels, wake: () => { noted = true } }
    this.#waiting.add(waiter)
    const wait = async (ms: number, signal: AbortSignal): Promise<void> => {
      if (!noted && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const end = (): void => {
            clearTimeout(timer)
            signal.removeEventListener('abort', end)
            waiter.wake = () => { noted = true }
            resolve()
          }
          const timer = setTimeout(end, ms)
          signal.addEventListener('abort', end)
          waiter.wake = end
        })
      }
      noted = false
    }
    return { wait, done: () => this.#waiting.delete(waiter) }
  }

  /** Wakes whoever may serve one of these pools. */
  wake(pools: readonly string[]): void {
    const wanted = pools.map(labelsOf)
    for (const waiter of [...this.#waiting]) if (wanted.some((labels) => serves(waiter.labels, labels))) waiter.wake()
  }

  wakeAll(): void {
    for (const waiter of [...this.#waiting]) waiter.wake()
  }
}

/** protocol/effect.ts poolOf, backwards; null when it is not ours to read: then everyone is asked. */
function labelsOf(pool: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(pool)
    return typeof value === 'object' && value !== null ? { ...value } : null
  } catch {
    return null
  }
}

function serves(have: Readonly<Record<string, string>>, want: Record<string, unknown> | null): boolean {
  return want === null || Object.entries(want).every(([name, value]) => Object.hasOwn(have, name) && have[name] === value)
}
