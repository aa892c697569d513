import { metrics } from '../metrics.js'
import type { Sealed } from './commit.js'

/** Counts a committed batch. */
export function measure({ batch }: Sealed, ms: number): void {
  metrics.batches.inc({ result: 'committed' })
  metrics.batchSeconds.observe(ms / 1000)
  metrics.events.inc(batch.events.length)
  for (const [kind, count] of batch.kinds) metrics.firings.inc({ kind }, count)
  for (const [kind, count] of batch.rows) metrics.inboxRows.inc({ kind }, count)
  for (const token of batch.born.values()) if (token.place.endsWith('/_failed')) metrics.deadLetters.inc()
}
