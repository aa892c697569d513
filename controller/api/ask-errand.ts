import { randomUUID } from 'node:crypto'
import type { ErrandRequest } from '../../protocol/errand.js'
import type { Outcome } from '../../protocol/effect.js'
import { fail } from '../errors.js'
import { collectErrand } from '../store/errands/collect.js'
import { dropErrand } from '../store/errands/drop.js'
import { insertErrand } from '../store/errands/insert.js'
import { offeredBy } from '../store/errands/offered-by.js'
import type { Context } from './context.js'

const LOOK_MS = 5_000

export interface Errand {
  readonly session: string
  readonly request: ErrandRequest
  /** longest wait, the executor's work included */
  readonly waitMs: number
  /** the executor that has to do it; any unless given */
  readonly executor?: string
  readonly signal: AbortSignal
}

export interface Ran {
  readonly executor: string
  readonly outcome: Outcome
}

/** What executors offer for each kind of errand: the kind that they register with. */
const OFFER = { http: 'http', model: 'llm', container: 'container' } as const

/** Executors that are there for such errands; fails with `no-executor` where there is none. */
export async function executorsFor({ db }: Pick<Context, 'db'>, kind: ErrandRequest['kind']): Promise<readonly string[]> {
  const found = await offeredBy(db, OFFER[kind])
  if (found.length > 0) return found
  if (kind === 'container') {
    fail('no-executor', 'no executor here runs containers',
      'on a machine with podman or docker on its PATH, start one that names the images it may run: AGENTICOS_EXECUTOR_IMAGES="docker.io/library/alpine:*" agenticos executor; see docs/executors.md')
  }
  fail('no-executor', `no executor is there that does ${OFFER[kind]}`, 'start one: agenticos executor; agenticos get executors shows what each does')
}

/** Has one errand done by an executor and waits for its outcome. What nobody waits for any more is stopped. */
export async function askErrand({ db, hub }: Pick<Context, 'db' | 'hub'>, errand: Errand): Promise<Ran> {
  const { session, request, waitMs, executor = '', signal } = errand
  if (executor === '') await executorsFor({ db }, request.kind)
  const id = randomUUID()
  await insertErrand(db, { id, session, request, wanted: executor, waitMs })
  db.notify('errands', request.kind)
  const until = performance.now() + waitMs
  let ended = false
  try {
    for (let taker: string | null = null; ;) {
      const left = until - performance.now()
      // asked for before the look, so that what comes in between is not missed
      const stop = new AbortController()
      const news = left > 0 ? hub.news('errand', id, Math.min(left, LOOK_MS), AbortSignal.any([signal, stop.signal])) : undefined
      const row = await collectErrand(db, id)
      if (row === undefined || row.state === 'lost' || (row.state === 'done' && row.outcome === null)) {
        stop.abort()
        ended = true
        fail('errand-lost', `executor ${row?.executor ?? taker ?? '?'} was lost while it did this`, 'it may have been done or not: look, then ask again')
      }
      if (row.state === 'done') {
        stop.abort()
        ended = true
        return { executor: row.executor ?? '', outcome: row.outcome! }
      }
      taker = row.executor
      if (news === undefined) {
        fail('errand-timeout', taker === null ? `no executor took this within ${Math.round(waitMs / 1000)} s` : `executor ${taker} was not done within ${Math.round(waitMs / 1000)} s, and was told to stop`,
          taker === null ? 'see whether executors are busy or away: agenticos get executors' : 'give it more time, or ask for less')
      }
      if (!(await news) && (signal.aborted || hub.signal.aborted)) fail('shutting-down', 'nobody waits for this any more', 'ask again')
    }
  } finally {
    if (!ended) await dropErrand(db, id)
  }
}
