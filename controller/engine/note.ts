import type { InboxBody } from '../../protocol/inbox.js'
import type { Batch } from './batch.js'

/** What executors and the API tell of a firing, each as an event. It touches no token. */
export function tell(batch: Batch, { notes }: InboxBody<'note'>): void {
  for (const { type, ...rest } of notes) {
    batch.note(type, rest)
    if (rest.transition !== undefined && rest.transition !== '') batch.about(rest.transition, rest.correlation ?? '')
  }
}
