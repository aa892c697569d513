import type { InboxBody } from '../../protocol/inbox.js'
import type { Batch } from './batch.js'
import type { Own } from './own.js'

/**
 * `start --shift`: tokens that were there when the scope was stopped count as so much younger, for `after` and `ttl`.
 * The tokens stay the same, only their birth moves; memory is loaded anew after the commit.
 */
export function shift(own: Own, batch: Batch, body: InboxBody<'lifecycle'>): void {
  const places = new Set<string>()
  for (const { program } of own.marking.transitions.values()) {
    if ((body.net !== '' && program.net.name !== body.net) || (body.transition !== '' && program.transition.name !== body.transition)) continue
    for (const input of program.inputs) if (input.arc.after !== undefined) places.add(input.arc.address)
  }
  if (body.transition === '') {
    for (const [address, { program }] of own.marking.places) if (program.place.ttl !== undefined && (body.net === '' || address.startsWith(`${body.net}/`))) places.add(address)
  }
  const before = batch.at - body.shiftMs
  const shifted = { places: [...places], ms: body.shiftMs, before }
  batch.rest.shifted.push(shifted)
  batch.note('lifecycle.changed', { ...body, shifted })
  batch.stale = true
}
