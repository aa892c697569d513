import { inputArcs } from './arcs.js'
import type { Flaw, Rule } from './rule.js'

export const sendsConsumed: Rule = {
  code: 'sends-consumed',
  level: 'error',
  explanation: 'A transition takes from a place that sends to another session; such a place holds nothing.',
  *check(subject): Iterable<Flaw> {
    for (const { arc, path } of inputArcs(subject)) {
      const place = Object.hasOwn(subject.net.places, arc.from) ? subject.net.places[arc.from] : undefined
      if (place?.sends === undefined) continue
      yield {
        path,
        message: `${arc.from} sends its tokens to ${place.sends}, so there is nothing to take.`,
        remedy: 'Take them in the net that owns them, or emit to a second place of this net too.',
      }
    }
  },
}
