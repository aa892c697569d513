import type { TransitionState } from '../../petri/transition-state.js'
import type { Batch } from './batch.js'
import { applyLifecycle, isAllStopped, type Own } from './own.js'

/** Counts a firing against limits.firings; at the limit the session stops, with a condition that names the busiest transition. */
export function countFiring(own: Own, batch: Batch, state: TransitionState): void {
  const { limit, window } = own.program.config.limits.firings
  const counter = own.firings
  if (batch.at - counter.since >= window) {
    counter.since = batch.at
    counter.total = 0
    counter.by.clear()
  }
  counter.total++
  counter.by.set(state.program.address, (counter.by.get(state.program.address) ?? 0) + 1)
  if (counter.total >= limit) stopSession(own, batch, 'FiringLimit', `${limit} firings within limits.firings`)
}

/** Stops the session when its kept log has reached limits.logBytes. */
export function checkLog(own: Own, batch: Batch): void {
  const { logBytes } = own.program.config.limits
  if (logBytes !== null && own.logBytes >= logBytes && !isAllStopped(own)) stopSession(own, batch, 'LogLimit', `the log has reached the ${logBytes} bytes of limits.logBytes`)
}

/** Stops the session for a limit of its own: nothing fires until a person starts it again. */
export function stopSession(own: Own, batch: Batch, reason: string, what: string): void {
  const [busiest] = [...own.firings.by].sort((a, b) => b[1] - a[1])[0] ?? ['no transition', 0]
  const message = `${what}; ${busiest} fired most`
  batch.note('limit.reached', { code: reason, message, transition: busiest })
  stop(own, batch, '', '', message)
  batch.rest.condition = { reason, message, at: new Date(batch.at).toISOString() }
}

/** Stops a transition that failed too often in a row. */
export function stopTransition(own: Own, batch: Batch, state: TransitionState, message: string): void {
  stop(own, batch, state.program.net.name, state.program.transition.name, message)
}

function stop(own: Own, batch: Batch, net: string, transition: string, reason: string): void {
  const row = { net, transition, state: 'stopped' as const, by: 'system', reason }
  batch.rest.lifecycle.push(row)
  batch.note('lifecycle.changed', row)
  own.lifecycle = [...own.lifecycle.filter((old) => old.session === '*' || old.net !== net || old.transition !== transition), { ...row, session: own.session, at: new Date(batch.at) }]
  applyLifecycle(own)
}
