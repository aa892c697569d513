import type { Database } from '../store/database.js'
import { segmentsSince } from '../store/segments/read-since.js'
import type { Own } from './own.js'
import { rateOf } from './firing.js'

/** Counts firings of the windows that are still open from the log, so that a take-over does not open them anew. */
export async function restoreRates(db: Database, own: Own, now: number): Promise<void> {
  const limited = [...own.marking.transitions.values()].filter((state) => state.program.transition.rate !== undefined && state.program.runnable)
  if (limited.length === 0) return
  const since = now - Math.max(...limited.map((state) => state.program.transition.rate!.window))
  const windows = new Map(limited.map((state) => [state.program.address, rateOf(own, state)!] as const))
  for (const { at, events } of await segmentsSince(db, own.session, since, [...windows.keys()])) {
    for (const event of JSON.parse(events) as { type: string; transition?: string; firing?: number; rate?: string }[]) {
      const begins = event.type === 'transition.fired' || event.type === 'transition.started' || (event.type === 'transition.failed' && event.firing === undefined)
      if (begins && event.transition !== undefined) windows.get(event.transition)?.count(event.rate ?? '', at)
    }
  }
}
