import { setTimeout as sleep } from 'node:timers/promises'
import { heartbeatAnswer } from '../protocol/executor.js'
import { passes, type ControllerClient } from './controller-client.js'
import type { Log } from './log.js'
import type { Work } from './work.js'

interface Pulse {
  readonly client: ControllerClient
  readonly work: Work
  readonly log: Log
  readonly everyMs: number
  /** set while the executor drains */
  readonly draining: () => boolean
}

/** Keeps leases alive until the signal; a beat without an answer is tried again sooner. Rejects when this executor is refused. */
export async function beat(pulse: Pulse, signal: AbortSignal): Promise<void> {
  const { client, work, log, everyMs } = pulse
  let pause = everyMs
  while (!signal.aborted) {
    await sleep(pause, undefined, { signal }).catch(() => {})
    if (signal.aborted) return
    const leases = work.pieces.map((piece) => piece.ref)
    // The polls of an idle executor tell that it is there.
    if (leases.length === 0 && !pulse.draining()) continue
    const sentAt = performance.now()
    try {
      const answer = await client.post('/v1/executors/heartbeat', { leases, draining: pulse.draining() }, heartbeatAnswer, everyMs, signal)
      for (const ref of [...answer.kept, ...answer.cancel]) work.prolong(ref, sentAt)
      for (const ref of answer.cancel) work.stop(ref, 'cancelled')
      for (const ref of answer.lost) work.stop(ref, 'lost')
      pause = everyMs
    } catch (error) {
      if (signal.aborted) return
      if (!passes(error)) throw error
      log.warn({ err: error }, 'a heartbeat was not answered')
      pause = Math.min(everyMs, 1000)
    }
  }
}
