import type { InputArc } from '../net.js'
import { inputArcs } from './arcs.js'
import type { Flaw, Rule } from './rule.js'

export const arcOption: Rule = {
  code: 'arc-option',
  level: 'error',
  explanation: 'An option stands on an arc of a mode for which it has no meaning, so the arc does not do what it seems to say.',
  *check(subject): Iterable<Flaw> {
    for (const { arc, path } of inputArcs(subject)) {
      for (const [key, message, remedy] of misfits(arc)) yield { path: [...path, key], message, remedy }
    }
  },
}

function* misfits(arc: InputArc): Iterable<readonly [string, string, string]> {
  if (arc.mode === 'inhibit') {
    if (arc.take.form !== 'one') yield ['take', 'An inhibit arc takes nothing.', 'Remove take: the arc holds the transition back as soon as one token matches.']
    if (arc.optional) yield ['optional', 'An inhibit arc is met when nothing matches; it cannot be optional.', 'Remove optional.']
    if (arc.orderBy !== undefined) yield ['orderBy', 'An inhibit arc chooses no token, so there is nothing to order.', 'Remove orderBy.']
  }
  if (arc.mode !== 'consume') {
    if (arc.after !== undefined) yield ['after', `after waits on a token that is consumed; this arc has mode ${arc.mode}.`, 'Remove after, or set mode: consume.']
    if (arc.otherwise) yield ['otherwise', `otherwise takes what no other consuming arc wants; this arc has mode ${arc.mode}.`, 'Remove otherwise, or set mode: consume.']
  }
}
