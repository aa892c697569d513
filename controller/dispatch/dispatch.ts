import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../log.js'
import type { Database } from '../store/database.js'
import { Designs } from './designs.js'
import { expire, tidy } from './expire.js'
import { Places } from './places.js'
import { Polls } from './polls.js'
import { Presence } from './presence.js'
import { TIMING, type Timing } from './timing.js'
import { wake } from './wait.js'
import { Waiters } from './waiters.js'

export interface Dispatch {
  readonly db: Database
  readonly log: Log
  readonly timing: Timing
  readonly waiters: Waiters
  readonly polls: Polls
  readonly presence: Presence
  readonly designs: Designs
  readonly places: Places
  readonly signal: AbortSignal
  /** session served last: the next lease begins after it */
  turn: string
}

export interface RunningDispatch extends Dispatch {
  /** resolves when its loop has ended, after the signal */
  readonly stopped: Promise<void>
}

/** Listens for work and watches over leases until the signal. The routes (dispatchRoutes) need what it gives. */
export async function startDispatch(db: Database, log: Log, signal: AbortSignal, timing: Timing = TIMING): Promise<RunningDispatch> {
  const waiters = new Waiters()
  const dispatch = { db, log, timing, waiters, polls: new Polls(), presence: new Presence(), designs: new Designs(db), places: new Places(), signal, turn: '' }
  const applied = (): void => void wake(dispatch).catch((error: unknown) => {
    if (!signal.aborted) log.error({ err: error }, 'waking what waits for money failed')
  })
  const heard = (channel: string, items: readonly string[]): void => {
    if (channel === 'effects') waiters.wake(items)
    else if (items.some((item) => item !== 'changed')) applied()
  }
  await db.listen(['effects', 'revision'], heard, () => {
    waiters.wakeAll()
    applied()
  }, signal)
  return Object.assign(dispatch, { stopped: watch(dispatch) })
}

async function watch(dispatch: Dispatch): Promise<void> {
  const { log, signal, timing } = dispatch
  let tidyAt = 0
  while (!signal.aborted) {
    let next = timing.lookMs
    try {
      next = await expire(dispatch)
      if (performance.now() >= tidyAt) {
        tidyAt = performance.now() + timing.tidyMs
        await tidy(dispatch)
      }
    } catch (error) {
      if (!signal.aborted) log.error({ err: error }, 'looking for what has ended failed')
    }
    await sleep(next, undefined, { signal }).catch(() => {})
  }
}
