import { lockSessions } from '../store/effects/lock-sessions.js'
import { release as releaseRows } from '../store/effects/release.js'
import type { Dispatch } from './dispatch.js'

/** Gives leased work back unstarted. Gives how many became pending (or, under a stop, held) again. */
export async function release(
  dispatch: Dispatch, executor: string, leases: readonly { session: string, firing: number, lease: string }[],
): Promise<number> {
  if (leases.length === 0) return 0
  const rows = await dispatch.db.transaction(async (tx) => {
    await lockSessions(tx, [...new Set(leases.map((lease) => lease.session))])
    return releaseRows(tx, executor, leases)
  })
  for (const pool of new Set(rows.map((row) => row.pool))) dispatch.db.notify('effects', pool)
  return rows.length
}
