import { metrics } from '../metrics.js'
import { freeReservations } from '../store/budgets/free.js'
import { sweepBudgets } from '../store/budgets/sweep.js'
import { countExecutors } from '../store/executors/count.js'
import { expire as expireLeases } from '../store/effects/expire.js'
import { goOn } from '../store/effects/go-on.js'
import { interrupted } from '../store/effects/interrupted.js'
import { lockSessions } from '../store/effects/lock-sessions.js'
import { forgetWorkspaces } from '../store/effects/forget-workspaces.js'
import { loseWorkspaces } from '../store/effects/lose-workspaces.js'
import { sweepErrands } from '../store/errands/sweep.js'
import { nextExpiry } from '../store/effects/next-expiry.js'
import { markGone } from '../store/executors/mark-gone.js'
import type { Dispatch } from './dispatch.js'

/** Ends what has ended among leases. Gives how long until the next look is worth it. Idle costs one statement. */
export async function expire(dispatch: Dispatch): Promise<number> {
  const { db, log, timing } = dispatch
  const first = await nextExpiry(db)
  if (first === undefined) return timing.lookMs
  if (first > 0) return Math.max(10, Math.min(timing.lookMs, first))
  await resume(dispatch)
  const ended = await expireLeases(db)
  metrics.leasesExpired.inc(ended.length)
  for (const { session, firing, attempt, executor } of ended) {
    log.warn({ session, firing, attempt, executor }, 'a lease ended without an outcome')
  }
  for (const session of new Set(ended.map((row) => row.session))) db.notify('inbox', session)
  return 10
}

/** Model work whose executor is gone goes on elsewhere from its record: what was paid for is not asked for again. */
async function resume({ db, log }: Dispatch): Promise<void> {
  const work = await interrupted(db)
  if (work.length === 0) return
  const pools = await db.transaction(async (tx) => {
    await lockSessions(tx, [...new Set(work.map((one) => one.session))])
    return goOn(tx, work)
  })
  for (const { session, firing, executor } of work) log.warn({ session, firing, executor }, 'a lease ended without an outcome; the work goes on elsewhere')
  for (const pool of new Set(pools)) db.notify('effects', pool)
}

/** Ends what has ended among executors and workspaces. */
export async function tidy(dispatch: Dispatch): Promise<void> {
  const { db, log, timing } = dispatch
  for (const executor of await markGone(db, timing.goneMs)) {
    dispatch.presence.forget(executor)
    log.warn({ executor }, 'an executor is gone')
  }
  for (const { session } of await loseWorkspaces(db)) db.notify('inbox', session)
  await forgetWorkspaces(db)
  await freeReservations(db)
  await sweepBudgets(db)
  await sweepErrands(db)
  metrics.executors.reset()
  for (const { state, count } of await countExecutors(db)) metrics.executors.set({ state }, count)
}
