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

/** How often is asked whether work that calls models was stopped: money flows meanwhile. */
const QUICK_MS = 500

/** One heartbeat: prolongs what is kept, stops what is cancelled or lost. */
export async function beatOnce({ client, work, everyMs, draining }: Pulse, signal: AbortSignal): Promise<void> {
  const leases = work.pieces.map((piece) => piece.ref)
  const sentAt = performance.now()
  const answer = await client.post('/v1/executors/heartbeat', { leases, draining: draining() }, heartbeatAnswer, everyMs, signal)
  for (const ref of [...answer.kept, ...answer.cancel]) work.prolong(ref, sentAt)
  for (const ref of answer.cancel) work.stop(ref, 'cancelled')
  for (const ref of answer.lost) work.stop(ref, 'lost')
}

/** Keeps leases alive until the signal; a beat without an answer is tried again sooner. Rejects when this executor is refused. */
export async function beat(pulse: Pulse, signal: AbortSignal): Promise<void> {
  const { work, log, everyMs } = pulse
  let pause = everyMs
  let last = performance.now()
  while (!signal.aborted) {
    await sleep(Math.max(0, Math.min(last + pause - performance.now(), QUICK_MS)), undefined, { signal }).catch(() => {})
    if (signal.aborted) return
    const due = performance.now() - last >= pause
    if (!due && !work.quick) continue
    last = performance.now()
    // The polls of an idle executor tell that it is there.
    if (work.pieces.length === 0 && !pulse.draining()) continue
    try {
      await beatOnce(pulse, signal)
      pause = everyMs
    } catch (error) {
      if (signal.aborted) return
      if (!passes(error)) throw error
      log.warn({ err: error }, 'a heartbeat was not answered')
      pause = Math.min(everyMs, 1000)
    }
  }
}
