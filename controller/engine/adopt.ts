import { canonicalText } from '../../petri/canonical.js'
import type { PlaceProgram, Program, TransitionProgram } from '../../petri/compile.js'
import type { Json } from '../../petri/json.js'
import type { LoadedEffect } from '../store/effects/load.js'
import type { LoadedToken } from '../store/tokens/load.js'
import { idsText, type Batch } from './batch.js'
import { takeFound } from './move.js'
import type { Own } from './own.js'
import { judge, putIn } from './place.js'
import { letGo } from './settle.js'

/** What of the session's tokens the declaration of a place may ask to remove: those it declared before. */
export type DeclaredTokens = ReadonlyMap<string, readonly LoadedToken[]>

/**
 * The first batch under a new generation: says so in the log, puts and removes declared tokens (compared with the
 * declaration before, never with the marking), withdraws effects that nobody leased and whose transition changed.
 */
export function adopt(own: Own, batch: Batch, before: Program | undefined, effects: readonly LoadedEffect[], declared: DeclaredTokens): void {
  const { program } = own
  const gone = [...(before?.places.keys() ?? [])].filter((address) => !program.places.has(address) && !address.endsWith('/_failed'))
  batch.note('revision.adopted', { revision: own.revision, generation: program.generation, nets: [...program.nets.keys()], orphaned: gone })
  for (const address of program.places.keys()) declare(own, batch, program.places.get(address)!, before?.places.get(address), declared.get(address) ?? [])
  for (const effect of effects) {
    const pending = own.pending.get(effect.firing)
    if (pending === undefined || (effect.state !== 'pending' && effect.state !== 'held' && effect.state !== 'awaiting')) continue
    const now = program.transitions.get(pending.transition.address)
    if (now && sameTransition(now, pending.transition)) continue
    batch.rest.withdrawn.push(effect.firing)
    batch.add('transition.withdrawn', `"transition":"${pending.transition.address}","firing":${effect.firing},"released":${idsText(pending.consumed.map((token) => token.id))}`)
    own.pending.delete(effect.firing)
    letGo(own, pending)
    for (const token of pending.consumed) own.marking.release(token)
  }
  batch.adopted = program.generation
}

function sameTransition(a: TransitionProgram, b: TransitionProgram): boolean {
  return a.net.params === b.net.params ? a.transition === b.transition : canonicalText(a.transition as unknown as Json) === canonicalText(b.transition as unknown as Json) && canonicalText(a.net.params) === canonicalText(b.net.params)
}

/** task, learning: put once, when the place first appears. context, tool: the declared set follows the file. */
function declare(own: Own, batch: Batch, place: PlaceProgram, before: PlaceProgram | undefined, present: readonly LoadedToken[]): void {
  const { category, tokens } = place.place
  const once = category === 'task' || category === 'learning'
  if (once && before !== undefined) return
  const wanted = tokens.map((data) => canonicalText(data))
  const old = before?.place.tokens.map((data) => canonicalText(data)) ?? []
  const leaving = minus(old, wanted)
  for (const row of present) {
    const data = JSON.parse(row.data) as Json
    const text = canonicalText(data)
    const index = leaving.indexOf(text)
    const live = own.marking.live.get(row.id)
    if (index < 0 || (live && live.holder !== 0)) continue
    leaving.splice(index, 1)
    takeFound(own, batch, { id: row.id, place: place.address, data, correlationId: row.correlation })
    batch.add('token.removed', `"by":"declaration","place":"${place.address}","consumed":${idsText([row.id])}`)
  }
  for (const text of minus(wanted, old)) {
    const placing = judge(own, [{ place: place.address, sends: undefined, data: JSON.parse(text) as Json, text }], [], {}, true)
    if (!('placement' in placing)) continue
    const arrival = putIn(own, batch, placing.placement, { by: 'declared', parents: [], depth: 0, correlationId: '' })
    batch.add('token.declared', `"place":"${place.address}","consumed":${idsText(arrival.left)},"produced":${arrival.text}`)
  }
}

/** The texts of `a` that are not in `b`, counting repeats. */
function minus(a: readonly string[], b: readonly string[]): string[] {
  const rest = [...b]
  return a.filter((text) => {
    const index = rest.indexOf(text)
    if (index < 0) return true
    rest.splice(index, 1)
    return false
  })
}
