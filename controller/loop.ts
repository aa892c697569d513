import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from './errors.js'
import type { Log } from './log.js'

/** A bell that a loop sleeps by. Rung while the loop works, it rings as soon as the loop would sleep. */
export class Wake {
  #rung = false
  #answer: (() => void) | undefined

  ring(): void {
    this.#rung = true
    this.#answer?.()
  }

  /** Resolves when rung, after `ms`, or when the signal comes: whichever is first. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#rung) {
      const stop = new AbortController()
      await Promise.race([
        new Promise<void>((resolve) => { this.#answer = resolve }),
        sleep(ms, undefined, { signal: AbortSignal.any([signal, stop.signal]) }).catch(() => {}),
      ])
      stop.abort()
    }
    this.#answer = undefined
    this.#rung = false
  }
}

export interface Pace {
  readonly everyMs: number
  readonly wake?: Wake
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 10_000
/** RUNTIME: what waits for the database waits a minute before it says so aloud */
const STALLED_MS = 60_000

/**
 * Runs now, then each `everyMs` or when woken, until the signal; never twice at once. `run` may answer the
 * milliseconds until its next turn. A turn that throws is logged and tried again with growing pauses.
 */
export async function loop(
  name: string, pace: number | Pace, run: (signal: AbortSignal) => Promise<number | void>, signal: AbortSignal, log: Log,
): Promise<void> {
  const { everyMs, wake = new Wake() } = typeof pace === 'number' ? { everyMs: pace } : pace
  let failingSince: number | undefined
  let pause = FIRST_PAUSE_MS
  while (!signal.aborted) {
    let next = everyMs
    try {
      next = (await run(signal)) ?? everyMs
      failingSince = undefined
      pause = FIRST_PAUSE_MS
    } catch (error) {
      if (signal.aborted) return
      failingSince ??= performance.now()
      const stalled = performance.now() - failingSince > STALLED_MS || (error instanceof Failure && error.fate === 'stalled')
      log[stalled ? 'error' : 'warn']({ err: error, loop: name }, stalled ? 'loop is stalled' : 'loop failed and is tried again')
      await sleep(pause * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {})
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
      continue
    }
    await wake.wait(next, signal)
  }
}
