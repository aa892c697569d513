import { inputArcs } from './arcs.js'
import type { Flaw, Rule } from './rule.js'

/** Root names of templates that no variable may take. */
export const RESERVED: ReadonlySet<string> = new Set(['result', 'error', 'item', 'params', 'credentials'])

export const reservedVariable: Rule = {
  code: 'reserved-variable',
  level: 'error',
  explanation: 'A variable has the name of a root that templates already have, so `${name}` could mean either.',
  *check(subject): Iterable<Flaw> {
    for (const { arc, path } of inputArcs(subject)) {
      if (!RESERVED.has(arc.variable)) continue
      yield {
        path,
        message: `${arc.variable} is a root of every template and cannot be a variable.`,
        remedy: `Call the variable otherwise, for example ${arc.variable}Token.`,
      }
    }
  },
}
