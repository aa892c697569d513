import { z } from 'zod'
import {
  grantAnswer, progressAnswer, recordAnswer, recordVerdict, transcriptAnswer, waitAnswer,
  type grantRequest, type GrantVerdict, type ProgressItem, type recordRequest, type TranscriptStep,
} from '../protocol/ledger.js'
import { releaseAnswer, type LeaseRef } from '../protocol/executor.js'
import type { ControllerClient } from './controller-client.js'
import { GatheredPosts } from './gathered-posts.js'
import type { Log } from './log.js'

export type GrantCall = z.input<typeof grantRequest>['calls'][number]
export type RecordCall = z.input<typeof recordRequest>['calls'][number]
export type Recorded = { readonly verdict: z.output<typeof recordVerdict>, readonly micros: number }

const POST_MS = 30_000
const MOST = 500
const MOST_BYTES = 8 * 1024 * 1024
/** A call that was made was paid for: what it cost is told for as long as an outcome is. */
const GIVE_UP_MS = 600_000
const PROGRESS_MS = 60
const PROGRESS_KEPT = 1000

/** The executor's side of the ledger: grants and records of all firings, gathered into few posts. */
export class Ledger {
  readonly #client: ControllerClient
  readonly #log: Log
  readonly #grants: GatheredPosts<GrantCall, GrantVerdict>
  readonly #records: GatheredPosts<RecordCall, Recorded>
  #progress: ProgressItem[] = []
  #telling = false

  constructor(client: ControllerClient, log: Log) {
    this.#client = client
    this.#log = log
    const limits = { most: MOST, mostBytes: MOST_BYTES, giveUpMs: GIVE_UP_MS }
    this.#grants = new GatheredPosts({ ...limits, post: async (calls) => (await client.post('/v1/executors/grant', { calls }, grantAnswer, POST_MS)).verdicts })
    this.#records = new GatheredPosts({ ...limits, post: async (calls) => (await client.post('/v1/executors/record', { calls }, recordAnswer, POST_MS)).verdicts })
  }

  /** May this call be made? Asked again while the signal lets it. Rejects with Refused. */
  grant(call: GrantCall, signal: AbortSignal): Promise<GrantVerdict> {
    return this.#grants.add(call, 400, () => signal.aborted)
  }

  /** Durable when it resolves. It is sent on though the work was stopped: the money is spent. */
  record(call: RecordCall): Promise<Recorded> {
    const words = call.sent.reduce((sum, message) => sum + message.text.length + ('calls' in message ? 2 * JSON.stringify(message.calls).length : 0), 0)
    const answer = call.answer === undefined ? 0 : call.answer.text.length + JSON.stringify(call.answer.calls).length
    const recorded = this.#records.add(call, 400 + 2 * (words + answer))
    recorded.catch((error: unknown) => this.#log.error({ err: error, session: call.session, firing: call.firing, call: call.call }, 'a model call could not be recorded'))
    return recorded
  }

  /** What earlier attempts of a firing recorded, in order. */
  async transcript(firing: LeaseRef, signal: AbortSignal): Promise<readonly TranscriptStep[]> {
    return (await this.#client.post('/v1/executors/transcript', { firing }, transcriptAnswer, POST_MS, signal)).steps
  }

  /** Puts work back until a budget or a rate allows more. */
  async wait(firing: LeaseRef, scope: string, message: string, untilMs: number | undefined): Promise<void> {
    const body = { firing, scope, message: message.slice(0, 500), ...(untilMs === undefined ? {} : { untilMs }) }
    await this.#client.post('/v1/executors/wait', body, waitAnswer, POST_MS)
  }

  /** Puts work back for another executor, or for when it may go on; no attempt is used up. */
  async giveBack(firing: LeaseRef): Promise<void> {
    await this.#client.post('/v1/executors/release', { leases: [firing], polls: [] }, releaseAnswer, POST_MS)
  }

  /** Tells watchers; lost without harm. */
  progress(item: ProgressItem): void {
    if (this.#progress.length >= PROGRESS_KEPT) this.#progress.shift()
    this.#progress.push(item)
    if (this.#telling) return
    this.#telling = true
    setTimeout(() => void this.#tell(), PROGRESS_MS).unref()
  }

  /** Resolves when all that was granted and recorded is told. */
  async settled(): Promise<void> {
    await Promise.all([this.#grants.settled(), this.#records.settled()])
  }

  async #tell(): Promise<void> {
    const items = this.#progress.splice(0)
    // Whoever watches later sees the events; a progress that did not arrive is not sent again.
    await this.#client.post('/v1/executors/progress', { items }, progressAnswer, POST_MS).catch(() => {})
    this.#telling = false
    if (this.#progress.length > 0) {
      this.#telling = true
      setTimeout(() => void this.#tell(), PROGRESS_MS).unref()
    }
  }
}
