import { Failure } from '../errors.js'
import type { Forge } from '../forge/forge.js'
import { isObjectId } from '../forge/ref-name.js'
import type { Log } from '../log.js'
import { loop, Wake } from '../loop.js'
import type { Database } from '../store/database.js'
import { beginRepository } from '../store/repository/begin.js'
import { attemptRevision } from '../store/revisions/attempt.js'
import { carryApprovals } from './approvals.js'
import { openAuditor } from './audit.js'
import { apply, writeAll } from './apply.js'
import { check, type Verified } from './check.js'
import { conditions } from './conditions.js'
import { fetch } from './fetch.js'
import { finish, finishFailed } from './finish.js'
import { missing, plan } from './plan.js'
import { openPrune } from './prune.js'
import { read, sealKey } from './read.js'

interface Parts {
  readonly db: Database
  readonly forge: Forge
  readonly log: Log
}

/** How a pass ended: `applied` changed something, `superseded` found that another reconciler had been here. */
export interface Pass {
  readonly result: 'applied' | 'unchanged' | 'refused' | 'suspended' | 'superseded'
  /** sessions that have not adopted their generation yet */
  readonly waiting: readonly string[]
}

/** One pass after the other: fetch, read, check, plan, apply, prune, finish. Keeps only what it may forget. */
export function openReconciler({ db, forge, log }: Parts): () => Promise<Pass> {
  const expected = new Map<string, string>()
  const told = new Set<string>()
  const prune = openPrune(db, forge)

  const pass = async (at: (step: Step) => void): Promise<Pass> => {
    const start = performance.now()
    at('ArtifactFailed')
    const fetched = await fetch(forge)
    at('ReconciliationFailed')
    const standing = await read(db)
    if (standing.repository.suspended) return { result: 'suspended', waiting: [] }
    let { version } = standing.repository
    const { commit } = fetched.main
    if (commit !== standing.repository.attempted) {
      const sequence = await attemptRevision(db, fetched.main)
      const now = conditions({ phase: 'progressing', message: `checking ${commit}` }, sequence, standing.repository.conditions, new Date().toISOString())
      const begun = await beginRepository(db, version, commit, now)
      if (begun === undefined) return { result: 'superseded', waiting: [] }
      version = begun
    }
    at('BuildFailed')
    const verified = await check(forge, fetched, standing)
    at('ReconciliationFailed')
    for (const written of await writeAll(db, missing(verified, standing, expected))) expected.set(sealKey(written), written.seal)
    const planned = plan(verified, standing, expected)
    forget(expected, verified)
    const news = verified.attempts.filter((one) => one.ok && !told.has(one.info.commit))
    const moved = planned.generations.length > 0 || planned.settings !== undefined || (verified.main.ok && standing.repository.applied !== commit)
    if ((moved || news.some(({ scratch }) => scratch !== '')) && !(await apply(db, verified, planned, version))) return { result: 'superseded', waiting: [] }
    for (const { info } of news) told.add(info.commit)
    await prune()
    const waiting = await finish(db, log, { verified, planned, ms: performance.now() - start }, told)
    return { result: moved ? 'applied' : verified.main.ok ? 'unchanged' : 'refused', waiting }
  }

  return async () => {
    let step: Step = 'ArtifactFailed'
    try {
      return await pass((next) => { step = next })
    } catch (error) {
      const stalled = error instanceof Failure && error.fate === 'stalled'
      const message = error instanceof Error ? error.message : String(error)
      // When the database itself is the trouble, this cannot be written either; the loop says it in the log.
      await finishFailed(db, { phase: 'failed', reason: step, message, stalled }).catch(() => {})
      throw error
    }
  }
}

/** Hashes of nets that nobody wants any more are forgotten when they are many. */
function forget(expected: Map<string, string>, { targets }: Verified): void {
  const wanted = new Set([...targets].flatMap(([session, { nets }]) => [...nets.values()].map((one) => sealKey({ session, net: one.name, identity: one.identity }))))
  if (expected.size > 2 * wanted.size + 1_000) for (const key of expected.keys()) if (!wanted.has(key)) expected.delete(key)
}

type Step = 'ArtifactFailed' | 'BuildFailed' | 'ReconciliationFailed'

interface Options extends Parts {
  readonly signal: AbortSignal
  /** how often git and tables are compared though nothing happened */
  readonly everyMs?: number
}

/** How often what awaits a person is looked at though nothing is heard of it. */
const APPROVALS_MS = 15_000
/** How often the heads of the log are sealed into git, at the most. */
const SEAL_MS = 60_000

const ADOPTION_MS = [50, 100, 200, 500, 1_000, 5_000, 30_000]

/** Reconciles until the signal: at once when asked (channel `revision`), and every minute. */
export async function startReconcile({ signal, everyMs = 60_000, ...parts }: Options): Promise<void> {
  const wake = new Wake()
  // Our own apply is announced by its commit; anything else on the channel is a request.
  const listening = parts.db.listen(['revision'], (_, items) => { if (items.some((item) => !isObjectId(item))) wake.ring() }, () => wake.ring(), signal)
  // A merge and a closing are told on `revision`, a new question on `approvals`.
  const asked = new Wake()
  const hearing = parts.db.listen(['approvals', 'revision'], () => asked.ring(), () => asked.ring(), signal)
  const pass = openReconciler(parts)
  const audit = openAuditor(parts.db, parts.forge)
  let patience = 0
  await Promise.all([
    listening,
    hearing,
    loop('approvals', { everyMs: APPROVALS_MS, wake: asked }, () => carryApprovals(parts), signal, parts.log),
    loop('audit', { everyMs: Math.max(everyMs, SEAL_MS) }, audit, signal, parts.log),
    loop('reconcile', { everyMs, wake }, async () => {
      const { result, waiting } = await pass()
      if (result === 'superseded') return 10
      patience = waiting.length === 0 || result === 'applied' ? 0 : patience + 1
      return waiting.length === 0 ? everyMs : Math.min(everyMs, ADOPTION_MS[patience] ?? everyMs)
    }, signal, parts.log),
  ])
}
