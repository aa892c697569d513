import { expire as expireLeases } from '../store/effects/expire.js'
import { forgetWorkspaces } from '../store/effects/forget-workspaces.js'
import { loseWorkspaces } from '../store/effects/lose-workspaces.js'
import { nextExpiry } from '../store/effects/next-expiry.js'
import { markGone } from '../store/executors/mark-gone.js'
import type { Dispatch } from './dispatch.js'

const HOUR = 3_600_000

/** One look at what has ended: leases, executors, workspaces. Gives how long until the next one is worth it. */
export async function expire(dispatch: Dispatch): Promise<number> {
  const { db, log, timing } = dispatch
  const ended = await expireLeases(db)
  for (const { session, firing, attempt, executor } of ended) {
    log.warn({ session, firing, attempt, executor }, 'a lease ended without an outcome')
  }
  for (const executor of await markGone(db, timing.goneMs)) {
    dispatch.presence.forget(executor)
    log.warn({ executor }, 'an executor is gone')
  }
  const lost = await loseWorkspaces(db)
  for (const session of new Set([...ended, ...lost].map((row) => row.session))) db.notify('inbox', session)
  if (performance.now() - dispatch.forgotAt > HOUR) {
    await forgetWorkspaces(db)
    dispatch.forgotAt = performance.now()
  }
  return Math.max(10, Math.min(timing.lookMs, (await nextExpiry(db)) ?? timing.lookMs))
}
