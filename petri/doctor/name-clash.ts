import type { Flaw, Rule } from './rule.js'

export const nameClash: Rule = {
  code: 'name-clash',
  level: 'error',
  explanation: 'A place and a transition of one net share a name, so `net/name` could mean either.',
  *check({ net }): Iterable<Flaw> {
    for (const name of Object.keys(net.transitions)) {
      if (!Object.hasOwn(net.places, name)) continue
      yield {
        path: ['transitions', name],
        message: `${name} is the name of a place and of a transition.`,
        remedy: 'Rename one of them: a noun for the place, a verb for the transition.',
      }
    }
  },
}
