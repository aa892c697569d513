import { pureResult } from '../../petri/fire.js'
import type { Outcome } from '../../protocol/effect.js'
import type { InboxBody } from '../../protocol/inbox.js'
import type { Batch } from './batch.js'
import { requestOf } from './effect.js'
import { isStopped, type Own, type Pending } from './own.js'
import { orderOf, pendingRoots } from './pending.js'
import { block, conclusionOf } from './settle.js'

// a. A binding that needs approval is reserved when it is found: it is that binding, and no other, that a merge lets fire.
// b. Merge, close and expiry come through the inbox; the first counts, the others find nothing that awaits.
// c. The call is made of the same roots as when it was asked for; only `_approval` is new.

const HERE = { executor: '', durationMs: undefined }

/** Takes a decision about an awaiting firing in: it becomes work for an executor, is done here, or has failed. */
export function decideApproval(own: Own, batch: Batch, body: InboxBody<'approval'>): void {
  const pending = own.pending.get(body.firing)
  if (pending === undefined || !pending.awaiting) return
  const { transition, firing, hold } = pending
  const { decision, by, at, comment, proposal } = body
  batch.note('approval.decided', { transition: transition.address, firing, decision, by, comment: comment.slice(0, 2_000), proposal, correlation: hold.correlation })
  batch.about(transition.address, hold.correlation)
  own.awaiting--
  pending.awaiting = false
  const state = own.marking.transitions.get(transition.address)
  if (state) state.running++
  if (decision !== 'approved') {
    const { fault } = refusal(body)
    return conclusionOf(own, batch, pending, failed(fault.code, fault.message), HERE)
  }
  pending.hold = { ...hold, approval: { by, at, comment } }
  const stopped = isStopped(own.lifecycle, transition.net.name, transition.transition.name)
  if (transition.pure) {
    const outcome = pureOutcome(pending)
    return stopped ? block(batch, pending, outcome, 'it is approved, and goes on when its transition is started') : conclusionOf(own, batch, pending, outcome, HERE)
  }
  const request = requestOf(transition, pendingRoots(pending))
  if ('fault' in request) return conclusionOf(own, batch, pending, failed(request.fault.code, request.fault.message), HERE)
  batch.rest.approved.push({ firing, hold: pending.hold, held: stopped, request: orderOf(own, transition, firing, hold.correlation, request.request) })
}

function pureOutcome(pending: Pending): Outcome {
  const done = pureResult(pending.transition, pendingRoots(pending))
  return done.ok ? { status: 'done', result: done.result as never } : failed(done.fault.code, done.fault.message)
}

function failed(code: string, message: string): Outcome {
  return { status: 'failed', code, message, retryable: false, detail: null as never }
}

/** What the error arcs are told: the person's own words, where there are any. */
function refusal({ decision, by, comment, proposal }: InboxBody<'approval'>): { readonly fault: { readonly code: string; readonly message: string } } {
  const expired = { fault: { code: 'expired', message: `nobody merged proposal ${proposal} in time` } }
  const rejected = { fault: { code: 'rejected', message: comment === '' ? `${by} closed proposal ${proposal}` : comment } }
  return decision === 'expired' ? expired : rejected
}
