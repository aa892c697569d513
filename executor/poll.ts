import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { leasedEffect, type LeasedEffect } from '../protocol/effect.js'
import { leaseRef, type LeaseRef } from '../protocol/executor.js'
import { passes, Refused, type ControllerClient } from './controller-client.js'
import type { Log } from './log.js'
import type { Work } from './work.js'

// a. One poll at a time, each with an id of its own that is the fence of what it leases. A poll whose answer never came is
//    named in those after it, so that what it leased is not lost until the lease ends.
// b. A proxy that cuts long-polls shows by cutting two of them: from then on it is one short poll every two seconds, and
//    every five minutes a long one, to see.

interface Polling {
  readonly client: ControllerClient
  readonly work: Work
  readonly log: Log
  readonly start: (effect: LeasedEffect, sentAt: number) => void
  /** an effect that this version does not understand, as far as it can be named */
  readonly misfit: (ref: LeaseRef, message: string) => void
  readonly waitMs: number
  readonly shortMs: number
}

const ABANDONED_MS = 60_000
const LONG_AGAIN_MS = 300_000
const anyAnswer = z.object({ effects: z.array(z.unknown()) })

/** Leases work until the signal; gives the polls whose answer never came. Rejects when this executor is refused. */
export async function poll(polling: Polling, signal: AbortSignal): Promise<string[]> {
  const { client, work, log } = polling
  const abandoned = new Map<string, number>()
  let cuts = 0
  let shortUntil = 0
  let pause = 0
  while (!signal.aborted) {
    // A few slots at a time would cost a poll each.
    await work.roomFor(Math.max(1, work.capacity >> 2), signal)
    if (signal.aborted) break
    const sentAt = performance.now()
    for (const [id, since] of abandoned) if (sentAt - since > ABANDONED_MS) abandoned.delete(id)
    const id = randomUUID()
    const short = sentAt < shortUntil
    const body = { poll: id, abandoned: [...abandoned.keys()], slots: work.free, waitMs: short ? 0 : polling.waitMs }
    try {
      const { effects } = await client.post('/v1/executors/lease', body, anyAnswer, polling.waitMs + 10_000, signal)
      for (const effect of effects) accept(polling, effect, sentAt)
      if (!short) cuts = 0
      pause = short && effects.length === 0 ? polling.shortMs : 0
    } catch (error) {
      abandoned.set(id, sentAt)
      if (signal.aborted) break
      if (!passes(error)) throw error
      const waited = performance.now() - sentAt
      if (!short && isCut(error, waited) && ++cuts >= 2) {
        log.warn({ waitedMs: Math.round(waited) }, 'something between cuts long-polls; polling every two seconds instead')
        shortUntil = performance.now() + LONG_AGAIN_MS
        cuts = 1
      } else if (!isCut(error, waited)) log.warn({ err: error }, 'the controller does not answer')
      pause = Math.min(polling.shortMs, Math.max(100, pause * 2)) * (0.75 + Math.random() / 4)
    }
    if (pause > 0) await sleep(pause, undefined, { signal }).catch(() => {})
  }
  return [...abandoned.keys()]
}

/** The line was up for a while and then broke, or a proxy gave the answer of its own time-out. */
function isCut(error: unknown, waitedMs: number): boolean {
  if (error instanceof Refused) return error.code === 'foreign-answer' && (error.status === 502 || error.status === 504 || error.status === 408)
  return waitedMs > 500
}

function accept(polling: Polling, given: unknown, sentAt: number): void {
  const read = leasedEffect.safeParse(given)
  if (read.success) {
    polling.start(read.data, sentAt)
    return
  }
  const ref = z.object(leaseRef.shape).safeParse(given)
  const issue = read.error.issues[0]
  if (ref.success) polling.misfit(ref.data, `${issue?.path.join('.')}: ${issue?.message}`)
}
