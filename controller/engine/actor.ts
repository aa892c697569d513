import type { Database } from '../store/database.js'
import { STALE } from '../store/batches/commit.js'
import { INBOX_CHARACTERS, readInbox, type WaitingRow } from '../store/inbox/read.js'
import { releaseSession } from '../store/sessions/release.js'
import { loadTokensById } from '../store/tokens/load-ids.js'
import type { LoadedToken } from '../store/tokens/load.js'
import { parseTokenId } from '../../petri/token.js'
import type { Log } from '../log.js'
import { metrics } from '../metrics.js'
import { adopt } from './adopt.js'
import { Batch } from './batch.js'
import { clockNow, clockOffset } from './clock.js'
import { commit, seal } from './commit.js'
import { declaredTokens } from './declared.js'
import { decide, namedTokens } from './inbox.js'
import { load, type Loaded } from './load.js'
import { measure } from './measure.js'
import type { Own } from './own.js'
import { Poison } from './poison.js'
import { expire } from './expire.js'
import { checkLog, stopTransition } from './limits.js'
import { settleBlocked } from './settle.js'
import { snapshot, snapshotDue } from './snapshot.js'
import { step } from './step.js'
import { nextDue, spendTicks, tellRefusals, tick, wakeAt } from './timer.js'

const INBOX_ROWS = 200

export interface ActorOptions {
  readonly db: Database
  readonly engine: string
  readonly log: Log
  /** after so long without anything to do a session leaves memory */
  readonly idleMs: number
  readonly signal: AbortSignal
}

/**
 * One session, owned by this process.
 *
 * A. Memory runs ahead of the database by at most one batch: the next is computed while one commits, and sent only when
 *    that one is acknowledged.
 * B. A batch that fails for any reason throws the memory away; `load` then raises the fence before it reads, so a batch
 *    of ours that is still committing is waited out.
 * C. Rows held by the batch in flight are left out of the next read of the inbox, by id.
 */
export class Actor {
  readonly session: string
  readonly #options: ActorOptions
  readonly #poison = new Poison()
  #own: Own | undefined
  #adoption: Loaded | undefined
  #poked = true
  #wake: (() => void) | undefined
  #flight: { readonly done: Promise<void>; readonly rows: readonly number[] } | undefined
  #activeAt = performance.now()

  constructor(session: string, options: ActorOptions) {
    this.session = session
    this.#options = options
  }

  /** true when a poke came that no turn has seen: whoever lets the actor go must start it again */
  get poked(): boolean {
    return this.#poked
  }

  /** live tokens in memory */
  get live(): number {
    return this.#own?.marking.live.size ?? 0
  }

  /** Something is in the inbox, or may be. */
  poke(): void {
    this.#poked = true
    this.#wake?.()
  }

  /** Runs until the signal, or until there is nothing to do (`idle`), or until another engine owns it (`lost`). */
  async run(): Promise<'idle' | 'lost' | 'stopped'> {
    const { signal } = this.#options
    while (!signal.aborted) {
      if (this.#own === undefined && !(await this.#load())) return 'lost'
      try {
        const verdict = await this.#turn(this.#own!)
        if (verdict === 'idle') return 'idle'
      } catch (error) {
        metrics.batches.inc({ result: codeOf(error) === STALE ? 'stale' : 'failed' })
        this.#flight = undefined
        this.#own = undefined
        this.#poked = true
        if (codeOf(error) !== STALE) await this.#fault(error)
      }
    }
    await this.#land().catch(() => {})
    if (this.#own) await releaseSession(this.#options.db, this.session, this.#options.engine, this.#own.fence)
    return 'stopped'
  }

  async #load(): Promise<boolean> {
    const loaded = await load(this.#options.db, this.session, this.#options.engine)
    if (loaded === undefined) return false
    this.#own = loaded.own
    this.#adoption = loaded.adopt ? loaded : undefined
    return true
  }

  /** One batch, or one wait. */
  async #turn(own: Own): Promise<'idle' | 'on'> {
    const rows = await this.#rows()
    const stored = await this.#stored(own, rows)
    const batch = new Batch(own.seq + 1, clockNow(own.clock, own.at), own.adopted)
    await this.#adopt(own, batch)
    for (const row of rows) this.#poison.guard(batch, row, () => decide(own, batch, row, stored))
    tick(own, batch)
    settleBlocked(own, batch)
    this.#poison.condemned((address, message) => {
      const state = own.marking.transitions.get(address)
      if (state && !state.stopped) stopTransition(own, batch, state, message)
    })
    checkLog(own, batch)
    step(own, batch, this.#poison.firings(rows.length))
    if (own.marking.quiet) spendTicks(own, batch)
    expire(own, batch, false)
    if (own.program.refusals.size > 0 && !batch.empty) tellRefusals(own, batch)
    // A batch without events still moves wake_at: else the row would say that work is left when none is.
    if (batch.empty && own.adopted === batch.adopted && wakeAt(own) === own.wakeAt) return this.#rest(own)
    this.#activeAt = performance.now()
    const before = own.at
    const sealed = seal(own, batch, wakeAt(own))
    this.#poison.watch(sealed)
    await this.#land()
    const started = performance.now()
    const done = commit(this.#options.db, sealed).then((clock) => {
      measure(sealed, performance.now() - started)
      own.clock = Math.min(clockOffset(clock), own.clock + 1)
      this.#poison.passed()
    })
    done.catch(() => this.#wake?.())
    this.#flight = { done, rows: [...batch.inbox, ...batch.rest.poisoned.map((row) => row.id)] }
    // Lets the batch leave for the database before the next one is computed: else the two would never overlap.
    await new Promise((resolve) => setImmediate(resolve))
    if (batch.stale) {
      await this.#land()
      this.#own = undefined
      this.#poked = true
      return 'on'
    }
    if (snapshotDue(own, before)) {
      await this.#land()
      await snapshot(this.#options.db, own)
    }
    return 'on'
  }

  /** Waits out the batch in flight; its failure is this turn's. */
  async #land(): Promise<void> {
    const flight = this.#flight
    if (flight === undefined) return
    await flight.done
    if (this.#flight === flight) this.#flight = undefined
  }

  async #rows(): Promise<readonly WaitingRow[]> {
    if (!this.#poked) return []
    this.#poked = false
    const most = this.#poison.rows ?? INBOX_ROWS
    const rows = await readInbox(this.#options.db, this.session, this.#flight?.rows ?? [], most)
    if (rows.length === most || rows.reduce((sum, row) => sum + row.body.length, 0) >= INBOX_CHARACTERS) this.#poked = true
    return rows
  }

  /** Tokens that a person named and that may lie in the table only; those of a batch in flight are waited for. */
  async #stored(own: Own, rows: readonly WaitingRow[]): Promise<ReadonlyMap<number, LoadedToken>> {
    const ids = namedTokens(rows).flatMap((text) => parseTokenId(text) ?? [])
    if (ids.length === 0) return new Map()
    await this.#land()
    const found = await loadTokensById(this.#options.db, own.session, ids)
    return new Map(found.map((row) => [row.id, row] as const))
  }

  async #adopt(own: Own, batch: Batch): Promise<void> {
    const adoption = this.#adoption
    if (adoption === undefined) return
    adopt(own, batch, adoption.before, adoption.effects, await declaredTokens(this.#options.db, own))
    this.#adoption = undefined
  }

  /** Nothing to do now: waits for a poke, a timer, or the batch in flight; long idleness ends the actor. */
  async #rest(own: Own): Promise<'idle' | 'on'> {
    if (this.#flight) {
      await this.#land()
      return 'on'
    }
    if (this.#poked) return 'on'
    const due = nextDue(own)
    const now = clockNow(own.clock, own.at)
    const { idleMs, signal, db, engine } = this.#options
    const idleIn = idleMs - (performance.now() - this.#activeAt)
    if (idleIn <= 0 && own.pending.size === 0 && (due === undefined || due - now > idleMs)) {
      await releaseSession(db, this.session, engine, own.fence)
      return 'idle'
    }
    const wait = Math.min(due === undefined ? Infinity : Math.max(1, due - now), Math.max(idleIn, 1_000), 2 ** 30)
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, wait)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
      if (signal.aborted || this.#poked) this.#wake()
    })
    this.#wake = undefined
    return 'on'
  }

  async #fault(error: unknown): Promise<void> {
    const { log, signal } = this.#options
    const again = this.#poison.failed(error)
    log.warn({ session: this.session, err: error, cautious: this.#poison.rows !== undefined }, 'a batch failed; the session is loaded anew')
    if (again > 0 && !signal.aborted) await new Promise((resolve) => setTimeout(resolve, again))
  }
}

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined
}
