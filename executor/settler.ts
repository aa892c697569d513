import { setTimeout as sleep } from 'node:timers/promises'
import type { Outcome } from '../protocol/effect.js'
import { settleAnswer, type LeaseRef } from '../protocol/executor.js'
import { passes, Refused, type ControllerClient } from './controller-client.js'
import { failed } from './failed.js'
import type { Log } from './log.js'
import type { Work } from './work.js'

interface Settling extends LeaseRef {
  readonly outcome: Outcome
  readonly durationMs: number
}

const BATCH = 500
const BATCH_BYTES = 8 * 1024 * 1024
const AT_ONCE = 2
const POST_MS = 30_000
/** Sent again for so long, though the lease may have ended: until someone looks, a late outcome still counts. */
const GIVE_UP_MS = 600_000

/** Brings outcomes to the controller: whatever has gathered while a post was on its way goes with the next one. */
export class Settler {
  readonly #client: ControllerClient
  readonly #work: Work
  readonly #log: Log
  readonly #queue: { readonly one: Settling, readonly bytes: number, readonly since: number }[] = []
  #posting = 0
  #idle: (() => void)[] = []

  constructor(client: ControllerClient, work: Work, log: Log) {
    this.#client = client
    this.#work = work
    this.#log = log
  }

  add(ref: LeaseRef, outcome: Outcome, durationMs: number): void {
    this.#queue.push({ one: { ...ref, outcome, durationMs }, bytes: sizeOf(outcome), since: performance.now() })
    // What ends in the same turn goes in one post.
    setImmediate(() => this.#pump())
  }

  /** Resolves when nothing is on its way. */
  async settled(): Promise<void> {
    while (this.#queue.length > 0 || this.#posting > 0) await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  #pump(): void {
    while (this.#queue.length > 0 && this.#posting < AT_ONCE) {
      let bytes = 0
      let count = 0
      while (count < Math.min(BATCH, this.#queue.length) && (count === 0 || bytes + this.#queue[count]!.bytes <= BATCH_BYTES)) bytes += this.#queue[count++]!.bytes
      this.#posting += 1
      void this.#post(this.#queue.splice(0, count)).finally(() => {
        this.#posting -= 1
        this.#pump()
        if (this.#queue.length === 0 && this.#posting === 0) for (const wake of this.#idle.splice(0)) wake()
      })
    }
  }

  async #post(batch: { readonly one: Settling, readonly since: number }[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        const { verdicts } = await this.#client.post('/v1/executors/settle', { outcomes: batch.map(({ one }) => one) }, settleAnswer, POST_MS)
        for (const { verdict, session, firing, attempt } of verdicts) {
          if (verdict === 'lost' || verdict === 'conflict') this.#log.warn({ session, firing, attempt, verdict }, 'an outcome was not taken')
        }
        break
      } catch (error) {
        if (!passes(error)) return this.#refused(batch, error as Refused)
        const oldest = Math.min(...batch.map(({ since }) => since))
        this.#log.warn({ err: error, outcomes: batch.length, attempt }, 'outcomes could not be brought to the controller')
        if (performance.now() - oldest > GIVE_UP_MS) break
        await sleep(Math.min(5000, 100 * 2 ** attempt) * (0.5 + Math.random() / 2))
      }
    }
    for (const { one } of batch) this.#work.end(one)
  }

  /** One bad outcome must not hold up the others: each is sent alone, and replaced when it is refused again. */
  async #refused(batch: { readonly one: Settling, readonly since: number }[], error: Refused): Promise<void> {
    this.#log.error({ err: error, outcomes: batch.length }, 'the controller refused outcomes')
    if (batch.length > 1) {
      for (const one of batch) await this.#post([one])
      return
    }
    const [{ one, since }] = batch as [{ one: Settling, since: number }]
    const replaceable = (error.status === 400 || error.status === 413) && !(one.outcome.status === 'failed' && one.outcome.code === 'outcome-refused')
    if (replaceable) return this.#post([{ one: { ...one, outcome: failed('outcome-refused', `the controller refused the outcome: ${error.message}`) }, since }])
    this.#work.end(one)
  }
}

/** An estimate is enough: it keeps posts below the controller's limit. */
function sizeOf(outcome: Outcome): number {
  const walk = (value: unknown): number => {
    if (typeof value === 'string') return value.length * 2
    if (Array.isArray(value)) return value.reduce<number>((sum, element) => sum + walk(element), 2)
    if (typeof value === 'object' && value !== null) return Object.entries(value).reduce((sum, [key, inner]) => sum + key.length + 4 + walk(inner), 2)
    return 8
  }
  return walk(outcome)
}
