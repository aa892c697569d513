import type { z } from 'zod'
import type { HeartbeatAnswer, heartbeatRequest, LeaseRef } from '../../protocol/executor.js'
import { heartbeat as prolong } from '../store/effects/heartbeat.js'
import type { Dispatch } from './dispatch.js'

/** Keeps leases alive, and tells which are lost and which are to be cancelled. */
export async function heartbeat(dispatch: Dispatch, executor: string, request: z.infer<typeof heartbeatRequest>): Promise<HeartbeatAnswer> {
  await dispatch.presence.note(dispatch.db, executor, request.draining ? 'draining' : 'ready')
  const answer: { [K in keyof HeartbeatAnswer]: LeaseRef[] } = { kept: [], lost: [], cancel: [] }
  if (request.leases.length === 0) return answer
  const beats = await prolong(dispatch.db, executor, request.leases, dispatch.timing.leaseMs)
  const found = new Map(beats.map((beat) => [`${beat.session} ${beat.firing} ${beat.attempt}`, beat]))
  for (const lease of request.leases) {
    const beat = found.get(`${lease.session} ${lease.firing} ${lease.attempt}`)
    answer[beat === undefined ? 'lost' : beat.cancel ? 'cancel' : 'kept'].push(lease)
  }
  return answer
}
