import type { z } from 'zod'
import type { errandsAnswer, errandsRequest, ErrandsRequest, LeasedErrand, settleErrandsAnswer, settleErrandsRequest } from '../../protocol/errand.js'
import type { Log } from '../log.js'
import type { Database } from '../store/database.js'
import { giveBackErrands } from '../store/errands/give-back.js'
import { holdErrands } from '../store/errands/hold.js'
import { leaseErrands } from '../store/errands/lease.js'
import { settleErrands } from '../store/errands/settle.js'
import type { Principal } from './authenticate.js'
import { Waiters } from './waiters.js'

// a. An errand is done once at most: one whose executor is lost fails, and whoever asked decides what then.
// b. The polls of its executor keep it: each names what it holds, and is answered within a third of a lease.

/** How long an errand stays with an executor that does not poll. */
const LEASE_MS = 15_000
const LOOK_MS = 5_000
/** A poll that keeps something comes back so soon, whatever wait it asked for. */
const KEEP_MS = 4_000

/** Errands meet executors. One a process, made before its routes. */
export class Errands {
  readonly #db: Database
  readonly #signal: AbortSignal
  readonly #waiters = new Waiters()

  private constructor(db: Database, signal: AbortSignal) {
    this.#db = db
    this.#signal = signal
  }

  /** Listens for errands until the signal. */
  static start(db: Database, log: Log, signal: AbortSignal): Errands {
    const errands = new Errands(db, signal)
    const wake = (): void => errands.#waiters.wakeAll()
    db.listen(['errands'], wake, wake, signal).catch((error: unknown) => {
      if (!signal.aborted) log.error({ err: error }, 'dispatch no longer hears of errands')
    })
    return errands
  }

  /** Errands for an executor, as soon as there are some; those it holds stay its own meanwhile. */
  async poll(who: Principal, request: ErrandsRequest, closed: AbortSignal): Promise<z.infer<typeof errandsAnswer>> {
    const over = AbortSignal.any([closed, this.#signal])
    const waiter = this.#waiters.enter(who.labels)
    const until = performance.now() + (request.holding.length > 0 ? Math.min(KEEP_MS, request.waitMs) : request.waitMs)
    try {
      const held = new Set(await holdErrands(this.#db, who.executor, request.holding, LEASE_MS))
      const drop = request.holding.filter(({ id }) => !held.has(id)).map(({ id }) => id)
      for (;;) {
        const errands = request.slots === 0 || over.aborted ? [] : await this.#lease(who, request)
        if (closed.aborted && errands.length > 0) {
          // Nobody reads the answer any more: the work is for someone else.
          await giveBackErrands(this.#db, who.executor, request.poll)
          this.#db.notify('errands', '')
          return { errands: [], drop }
        }
        const left = until - performance.now()
        if (errands.length > 0 || drop.length > 0 || left <= 0 || over.aborted) return { errands, drop }
        await waiter.wait(Math.min(left, LOOK_MS), over)
      }
    } finally {
      waiter.done()
    }
  }

  /** Takes outcomes, and tells those who wait for them. */
  async settle(who: Principal, { errands }: z.infer<typeof settleErrandsRequest>): Promise<z.infer<typeof settleErrandsAnswer>> {
    const settled = await settleErrands(this.#db, who.executor, errands)
    for (const id of settled) this.#db.notify('errand', id)
    return { settled }
  }

  async #lease(who: Principal, { poll, kinds, slots }: z.infer<typeof errandsRequest>): Promise<LeasedErrand[]> {
    const rows = await leaseErrands(this.#db, { executor: who.executor, token: who.token, kinds, lease: poll, slots, leaseMs: LEASE_MS })
    return rows.map(({ id, session, request, left }) => ({ id, lease: poll, session, timeoutMs: left, request }))
  }
}
