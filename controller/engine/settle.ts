import { canonicalText } from '../../petri/canonical.js'
import { conclude, concludeFault, type Fault } from '../../petri/fire.js'
import type { Outcome } from '../../protocol/effect.js'
import type { InboxBody } from '../../protocol/inbox.js'
import { idsText, type Batch } from './batch.js'
import { book } from './book.js'
import { failFiring } from './fail-firing.js'
import { isStopped, type Own, type Pending } from './own.js'
import { pendingRoots } from './pending.js'
import { judge, putIn, takeOut } from './place.js'
import { backoff } from './retry.js'

/** Results up to so many characters are kept in the event; larger ones live on in the tokens they became. */
const KEPT_RESULT = 4_096

type Settled = { readonly executor: string; readonly durationMs: number | undefined }

/** Takes an outcome in: tokens, a retry, a failure, or a wait for room. An outcome of no pending firing changes nothing. */
export function settle(own: Own, batch: Batch, body: InboxBody<'outcome'>): void {
  const pending = own.pending.get(body.firing)
  if (pending === undefined || pending.attempt !== body.attempt || pending.blocked !== undefined || pending.awaiting) return
  conclusionOf(own, batch, pending, body.outcome, { executor: body.executor, durationMs: body.durationMs })
}

/** Outcomes that found no room are tried again, oldest first; what was approved under a stop waits for the start. */
export function settleBlocked(own: Own, batch: Batch): void {
  for (const pending of own.pending.values()) {
    const { transition } = pending
    if (transition.pure && isStopped(own.lifecycle, transition.net.name, transition.transition.name)) continue
    if (pending.blocked !== undefined) conclusionOf(own, batch, pending, pending.blocked, { executor: '', durationMs: undefined })
  }
}

/** What an outcome means: tokens, a retry, a failure, or a wait for room. */
export function conclusionOf(own: Own, batch: Batch, pending: Pending, outcome: Outcome, settled: Settled): void {
  const { transition, hold, attempt } = pending
  const roots = pendingRoots(pending)
  let fault: Fault
  if (outcome.status === 'done') {
    const conclusion = conclude(own.program, transition, roots, outcome.result)
    if (conclusion.ok) {
      const placing = judge(own, conclusion.products, pending.consumed, hold.slots, false)
      if ('full' in placing) return block(batch, pending, outcome)
      if ('placement' in placing) {
        close(own, batch, pending)
        takeOut(own, batch, pending.consumed)
        const parents = pending.consumed.map((token) => token.id)
        const arrival = putIn(own, batch, placing.placement, { by: transition.address, parents, depth: 0, correlationId: hold.correlation })
        const result = canonicalText(outcome.result)
        batch.add('effect.settled', `"transition":"${transition.address}","firing":${pending.firing},"attempt":${attempt},"consumed":${idsText([...parents, ...arrival.left])}`
          + `,"correlation":${JSON.stringify(hold.correlation)},"produced":${arrival.text}${arrival.extra}${timing(settled)}`
          + (conclusion.usd === undefined ? '' : `,"usd":${conclusion.usd}`) + (conclusion.dropped ? ',"dropped":true' : '') + (result.length > KEPT_RESULT ? '' : `,"result":${result}`))
        book(batch, transition, conclusion.usd)
        batch.about(transition.address, hold.correlation)
        const state = own.marking.transitions.get(transition.address)
        if (state) state.failures = 0
        return
      }
      fault = { ...placing.fault, attempts: attempt }
    } else fault = { ...conclusion.fault, attempts: attempt }
  } else {
    const { retry } = transition.transition
    if (outcome.retryable && attempt < retry.attempts) return rearm(own, batch, pending, outcome, settled)
    fault = { code: outcome.code, message: outcome.message, attempts: attempt, detail: outcome.detail }
  }
  close(own, batch, pending)
  failFiring(own, batch, {
    transition, program: pending.program, consumed: pending.consumed, roots, fault, correlationId: hold.correlation, depth: 0, firing: pending.firing,
    products: concludeFault(own.program, transition, roots, fault), state: own.marking.transitions.get(transition.address),
  }, timing(settled))
}

function timing(settled: Settled): string {
  return (settled.executor === '' ? '' : `,"executor":${JSON.stringify(settled.executor)}`) + (settled.durationMs === undefined ? '' : `,"durationMs":${settled.durationMs}`)
}

/** The firing is over: its slots, its place among the running, and its row are given up. */
function close(own: Own, batch: Batch, pending: Pending): void {
  own.pending.delete(pending.firing)
  batch.rest.decided.push(pending.firing)
  letGo(own, pending)
}

/** What a pending firing holds besides its tokens: promised slots and its place among those running. */
export function letGo(own: Own, pending: Pending): void {
  for (const [address, count] of Object.entries(pending.hold.slots)) own.marking.promise(address, -count)
  const state = own.marking.transitions.get(pending.transition.address)
  if (pending.awaiting) own.awaiting--
  if (state) {
    if (!pending.awaiting) state.running--
    own.marking.wake(state)
  }
  for (const starved of own.starved) own.marking.wake(starved)
  own.starved.clear()
}

function rearm(own: Own, batch: Batch, pending: Pending, outcome: Outcome & { status: 'failed' }, settled: Settled): void {
  const { transition, firing, attempt } = pending
  const due = batch.at + backoff(transition.transition.retry.backoff, attempt, `${own.session}/${firing}`, outcome.retryAfterMs)
  batch.note('effect.retried', {
    transition: transition.address, firing, attempt, code: outcome.code, message: outcome.message.slice(0, 2_000), due: new Date(due).toISOString(),
    executor: settled.executor, durationMs: settled.durationMs, correlation: pending.hold.correlation,
  })
  batch.rest.rearmed.push({ firing, attempt, due, held: isStopped(own.lifecycle, transition.net.name, transition.transition.name) })
  batch.about(transition.address, pending.hold.correlation)
  pending.attempt++
}

/** Keeps an outcome until it can be taken in. */
export function block(batch: Batch, pending: Pending, outcome: Outcome, why = 'the outcome waits for room in a place'): void {
  if (pending.blocked !== undefined) return
  pending.blocked = outcome
  const hold = { ...pending.hold, blocked: outcome }
  batch.rest.blocked.push({ firing: pending.firing, hold })
  batch.note('effect.blocked', { transition: pending.transition.address, firing: pending.firing, message: why })
}
