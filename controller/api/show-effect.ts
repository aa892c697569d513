import type { EffectAnswer } from '../../protocol/api/work.js'
import type { EffectRow } from '../store/views/effects.js'
import { iso, isoOrNull } from './page.js'

export function showEffect(row: EffectRow): EffectAnswer {
  return {
    session: row.session, firing: row.firing, attempt: row.attempt, net: row.net, transition: row.transition, kind: row.kind, state: row.state,
    labels: row.labels, executor: row.executor ?? '', cancel: row.cancel ?? '', waiting: row.waiting, workspace: row.workspace, dueAt: iso(row.due_at), createdAt: iso(row.created_at),
    leasedAt: isoOrNull(row.leased_at), leaseUntil: isoOrNull(row.lease_until), settledAt: isoOrNull(row.settled_at),
  }
}
