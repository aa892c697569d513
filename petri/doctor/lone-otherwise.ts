import { outputArcs } from './arcs.js'
import type { Flaw, Rule } from './rule.js'

export const loneOtherwise: Rule = {
  code: 'lone-otherwise',
  level: 'warning',
  explanation: 'An output arc says `otherwise` and no other arc of that outcome has a condition, so it always emits.',
  *check(subject): Iterable<Flaw> {
    const conditional = new Set<string>()
    for (const { transition, arc } of outputArcs(subject)) if (typeof arc.when === 'object') conditional.add(`${transition.name} ${arc.on}`)
    for (const { transition, arc, path } of outputArcs(subject)) {
      if (arc.when !== 'otherwise' || conditional.has(`${transition.name} ${arc.on}`)) continue
      yield {
        path: [...path, 'when'],
        message: `No other output of ${transition.name} on ${arc.on} has a condition, so otherwise always holds.`,
        remedy: 'Remove when here, or give another arc a condition.',
      }
    }
  },
}
