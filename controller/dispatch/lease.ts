import type { LeasedEffect } from '../../protocol/effect.js'
import type { LeaseRequest } from '../../protocol/executor.js'
import { metrics } from '../metrics.js'
import { due } from '../store/effects/due.js'
import { lease as leaseRows, type LeasedRow } from '../store/effects/lease.js'
import { leasedBy } from '../store/effects/leased-by.js'
import type { Principal } from './authenticate.js'
import type { Dispatch } from './dispatch.js'
import { equip } from './lease-agents.js'
import { release } from './release.js'

/** A race that was lost is run again soon; what cannot be leased for longer is asked for ever more rarely. */
const PATIENCE_MS = 50

/** Work for an executor, as soon as there is some: waits up to `waitMs`, less when `closed` aborts. */
export async function lease(dispatch: Dispatch, who: Principal, request: LeaseRequest, closed: AbortSignal): Promise<LeasedEffect[]> {
  const { db, timing } = dispatch
  await dispatch.presence.note(db, who.executor, 'ready')
  if (request.abandoned.length > 0) await release(dispatch, who.executor, await leasedBy(db, who.executor, request.abandoned))
  const supersede = dispatch.polls.begin(who.executor)
  const over = AbortSignal.any([closed, supersede, dispatch.signal])
  const waiter = dispatch.waiters.enter(who.labels)
  const until = performance.now() + request.waitMs
  let patience = PATIENCE_MS
  try {
    while (!over.aborted) {
      const rows = await take(dispatch, who, request)
      for (const row of rows) metrics.effectsLeased.inc({ kind: row.request.request.kind })
      if (rows.length > 0) return await equip(dispatch, who.executor, rows.map((row) => effectOf(row, request.poll, timing.leaseMs)))
      const left = until - performance.now()
      if (left <= 0) break
      const { overdue, next } = await due(db, who.labels)
      await waiter.wait(Math.min(left, timing.lookMs, next ?? left, overdue ? patience : left), over)
      patience *= 2
    }
    return []
  } finally {
    waiter.done()
  }
}

async function take(dispatch: Dispatch, who: Principal, request: LeaseRequest): Promise<LeasedRow[]> {
  const query = {
    ...who, lease: request.poll, slots: request.slots, leaseMs: dispatch.timing.leaseMs, after: dispatch.turn,
  }
  for (let attempt = 1; ; attempt++) {
    try {
      const rows = await leaseRows(dispatch.db, query)
      dispatch.turn = lastServed(rows, dispatch.turn)
      return rows
    } catch (error) {
      // 23505: another lease took the same workspace between our look and our write; the next look sees it.
      if ((error as { code?: unknown }).code !== '23505' || attempt === 5) throw error
    }
  }
}

/** Where the round ended: the greatest session, or, when it went round, the greatest of those before its beginning. */
function lastServed(rows: readonly LeasedRow[], after: string): string {
  const sessions = rows.map((row) => row.session)
  const wrapped = sessions.filter((session) => session <= after)
  return (wrapped.length > 0 ? wrapped : sessions).reduce((last, session) => (session > last ? session : last), wrapped.length > 0 ? '' : after)
}

function effectOf(row: LeasedRow, lease: string, leaseMs: number): LeasedEffect {
  const { session, firing, attempt, net, transition, request, fresh, workspace } = row
  const effect = { session, firing, attempt, net, transition, lease, leaseMs, ...request }
  return workspace === '' ? effect : { ...effect, workspace: fresh ? 'fresh' : 'kept' }
}
