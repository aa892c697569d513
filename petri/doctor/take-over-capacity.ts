import type { InputArc, Place } from '../net.js'
import type { Flaw, Rule } from './rule.js'

export const takeOverCapacity: Rule = {
  code: 'take-over-capacity',
  level: 'error',
  explanation: 'A transition needs more tokens at once than a place can ever hold, so it never fires.',
  *check({ net }): Iterable<Flaw> {
    for (const transition of Object.values(net.transitions)) {
      if (transition.kind === 'link') continue
      const needed = new Map<string, number>()
      for (const arc of transition.inputs) {
        const count = (needed.get(arc.from) ?? 0) + atLeast(arc)
        needed.set(arc.from, count)
        const capacity = room(Object.hasOwn(net.places, arc.from) ? net.places[arc.from] : undefined)
        if (count <= capacity || atLeast(arc) === 0) continue
        yield {
          path: ['transitions', transition.name, 'in', arc.variable],
          message: `${transition.name} takes ${count} tokens of ${arc.from} in one firing, and ${arc.from} holds at most ${capacity}.`,
          remedy: `Take fewer, or let ${arc.from} hold ${count}.`,
        }
      }
    }
  },
}

/** The most that a place can hold for long. */
function room(place: Place | undefined): number {
  return Math.min(place?.capacity ?? Infinity, place?.keep ?? Infinity)
}

/** The least that the arc binds. */
function atLeast(arc: InputArc): number {
  if (arc.mode === 'inhibit' || arc.optional) return 0
  if (arc.take.form !== 'exactly') return 1
  return typeof arc.take.n === 'number' ? arc.take.n : 0
}
