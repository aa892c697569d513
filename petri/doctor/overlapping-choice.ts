import type { InputArc, Transition } from '../net.js'
import { inputArcs } from './arcs.js'
import type { Peer } from './peers.js'
import type { Flaw, Rule } from './rule.js'

export const overlappingChoice: Rule = {
  code: 'overlapping-choice',
  level: 'warning',
  explanation: 'Two transitions want the same tokens for certain and neither says `otherwise`, so which one gets a token is left to chance.',
  *check(subject): Iterable<Flaw> {
    const told = new Set<string>()
    for (const { transition, arc, path } of inputArcs(subject)) {
      if (!free(transition, arc) || told.has(arc.address)) continue
      const rivals = subject.takers(arc.address).filter((peer) => peer.transition !== transition && free(peer.transition, peer.arc) && overlap(arc, peer.arc))
      if (rivals.length === 0) continue
      told.add(arc.address)
      yield {
        path,
        // Choice without a guard is how plain P/T nets are meant; the files of other tools are full of it.
        ...(subject.draft.format === 'pnml' ? { level: 'info' as const } : {}),
        message: `${names([transition.name, ...rivals.map((peer) => nameOf(peer, subject.net.name))])} want the same tokens of ${arc.from}.`,
        remedy: arc.where === undefined && rivals.some((peer) => peer.arc.where !== undefined)
          ? 'Say otherwise: true on the arc that takes the rest.'
          : 'Give each arc a where that no other one shares, and the one for the rest otherwise: true.',
      }
    }
  },
}

/** Nothing but the token itself settles whether the transition fires. */
function free(transition: Transition, arc: InputArc): boolean {
  return transition.inputs.length === 1 && arc.mode === 'consume' && !arc.optional && arc.take.form === 'one' && arc.after === undefined && !transition.schedule && !transition.rate
}

/** Whether some token is certainly wanted by both. */
function overlap(a: InputArc, b: InputArc): boolean {
  if (a.otherwise || b.otherwise) return a.otherwise && b.otherwise
  return a.where === undefined || b.where === undefined || a.where.trim() === b.where.trim()
}

function nameOf({ net, transition }: Peer, own: string): string {
  return net.name === own ? transition.name : `${net.name}/${transition.name}`
}

function names(list: readonly string[]): string {
  const shown = list.slice(0, 4)
  return list.length > 4 ? `${shown.join(', ')} and ${list.length - 4} more` : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}
