import { nextTick } from '../../petri/schedule.js'
import type { Batch } from './batch.js'
import { expire, nextExpiry } from './expire.js'
import { isAllStopped, type Own } from './own.js'

/** Lets everything due happen: `after`, rates, ticks, `ttl`. Nothing falls due while the session is stopped. */
export function tick(own: Own, batch: Batch): void {
  const stopped = isAllStopped(own)
  if (!stopped) own.marking.tick(batch.at)
  for (const schedule of own.schedules) {
    const { state, next } = schedule
    if (next === undefined || next > batch.at) continue
    schedule.next = nextTick(state.program.transition.schedule!, `${own.session}/${state.program.address}`, batch.at)
    if (state.stopped || !state.program.runnable) continue
    state.tick = true
    own.marking.wake(state)
  }
  expire(own, batch, !stopped)
}

/** A tick that nothing bound to, or that found no free slot, is spent. Called when all is quiet. */
export function spendTicks(own: Own, batch: Batch): void {
  for (const { state } of own.schedules) {
    if (!state.tick) continue
    state.tick = false
    batch.add('tick.spent', `"transition":"${state.program.address}"`)
    batch.about(state.program.address, '')
  }
}

/** Patterns that came with data and that RE2 refused: the log says so, once a pattern and batch. */
export function tellRefusals(own: Own, batch: Batch): void {
  for (const [pattern, { transition, reason }] of own.program.refusals) {
    batch.note('pattern.refused', { transition, code: 'pattern-refused', message: reason, pattern: pattern.slice(0, 200) })
  }
  own.program.refusals.clear()
}

/** The earliest time at which something falls due; undefined: nothing ever does by itself. */
export function nextDue(own: Own): number | undefined {
  if (isAllStopped(own)) return undefined
  let next = own.marking.nextTimer
  for (const time of [...own.schedules.filter(({ state }) => !state.stopped && state.program.runnable).map((schedule) => schedule.next), nextExpiry(own)]) {
    if (time !== undefined && (next === undefined || time < next)) next = time
  }
  return next
}

/** `wake_at` of the session's row: at once while work is left, so that a successor finds it should this process die now. */
export function wakeAt(own: Own): number | undefined {
  return own.marking.quiet ? nextDue(own) : own.at
}
