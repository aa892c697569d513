import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Outcome } from '../../protocol/effect.js'
import { leasedErrand, settleErrandsAnswer, type ErrandKind, type ErrandRef, type LeasedErrand } from '../../protocol/errand.js'
import type { ContainerPort } from '../containers/container-port.js'
import { passes, type ControllerClient } from '../controller-client.js'
import { failed } from '../failed.js'
import type { Bench } from '../kinds/kind.js'
import type { Log } from '../log.js'
import { runErrand } from './run-errand.js'

// a. Errands have a poll of their own, so that the lease of effects never waits for one.
// b. A poll names what is held, which keeps it; what the answer tells to drop is stopped, and nothing is settled for it.
// c. An outcome is sent again only until its lease is over: nobody waits longer.

interface Given {
  readonly client: ControllerClient
  readonly bench: Bench
  readonly containers: ContainerPort | undefined
  readonly log: Log
  readonly waitMs: number
  /** what running errands get when the signal comes */
  readonly graceMs: number
}

const SLOTS = 16
const GRACE_MS = 10_000
const SEND_MS = 15_000
const LONGEST_PAUSE = 5_000
const anyErrands = z.object({ errands: z.array(z.unknown()), drop: z.array(z.string()) })

interface Running {
  readonly ref: ErrandRef
  readonly controller: AbortController
  readonly ended: Promise<void>
}

/** Does errands until the signal; resolves when none is left. A controller that knows no errands is asked again later. */
export async function doErrands(given: Given, signal: AbortSignal): Promise<void> {
  const { client, containers, log } = given
  const kinds: ErrandKind[] = containers === undefined ? ['http', 'model'] : ['http', 'model', 'container']
  const running = new Map<string, Running>()
  let pause = 0
  while (!signal.aborted) {
    const body = { poll: randomUUID(), kinds, holding: [...running.values()].map(({ ref }) => ref), slots: SLOTS - running.size, waitMs: given.waitMs }
    try {
      const { errands, drop } = await client.post('/v1/executors/errands', body, anyErrands, given.waitMs + 10_000, signal)
      for (const id of drop) running.get(id)?.controller.abort('lost')
      for (const errand of errands) begin(given, running, errand)
      pause = 0
    } catch (error) {
      if (signal.aborted) break
      pause = passes(error) ? Math.min(LONGEST_PAUSE, Math.max(100, pause * 2)) : LONGEST_PAUSE
      log.debug({ err: error }, 'no errands are to be had')
    }
    if (pause > 0) await sleep(pause * (0.75 + Math.random() / 4), undefined, { signal }).catch(() => {})
  }
  const left = [...running.values()]
  const all = Promise.all(left.map(({ ended }) => ended))
  await Promise.race([all, sleep(Math.min(given.graceMs, GRACE_MS), undefined, { ref: false })])
  for (const { controller } of left) controller.abort('drained')
  await all
}

function begin(given: Given, running: Map<string, Running>, sent: unknown): void {
  const read = leasedErrand.safeParse(sent)
  if (!read.success) {
    const ref = z.object({ id: z.uuid(), lease: z.uuid() }).safeParse(sent)
    const issue = read.error.issues[0]
    if (ref.success) void settle(given, ref.data, failed('bad-effect', `this executor does not understand the errand: ${issue?.path.join('.')}: ${issue?.message}`))
    return
  }
  const errand: LeasedErrand = read.data
  const ref = { id: errand.id, lease: errand.lease }
  const controller = new AbortController()
  const ended = (async () => {
    const outcome = await runErrand(errand, given.bench, given.containers, controller.signal)
    if (controller.signal.reason !== 'lost') await settle(given, ref, outcome)
    running.delete(errand.id)
  })()
  running.set(errand.id, { ref, controller, ended })
}

async function settle({ client, log }: Given, ref: ErrandRef, outcome: Outcome): Promise<void> {
  const until = performance.now() + SEND_MS
  for (let pause = 100; ; pause *= 2) {
    try {
      await client.post('/v1/executors/errands/settle', { errands: [{ ...ref, outcome }] }, settleErrandsAnswer, SEND_MS)
      return
    } catch (error) {
      if (!passes(error) || performance.now() + pause > until) {
        log.warn({ err: error, errand: ref.id }, 'the outcome of an errand could not be brought to the controller')
        return
      }
      await sleep(pause)
    }
  }
}
