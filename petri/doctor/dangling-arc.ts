import { nearest } from '../nearest.js'
import type { Flaw, Rule } from './rule.js'

export const danglingArc: Rule = {
  code: 'dangling-arc',
  level: 'error',
  explanation: 'An arc names a place that the net does not have, so it binds nothing.',
  *check({ file, net }): Iterable<Flaw> {
    const places = Object.keys(net.places)
    for (const [name, transition] of Object.entries(file.transitions ?? {})) {
      for (const [variable, arc] of Object.entries(transition.in ?? {})) {
        const from = typeof arc === 'string' ? arc : arc.from
        if (from === '_failed' || Object.hasOwn(net.places, from)) continue
        const path = ['transitions', name, 'in', variable]
        yield { path: typeof arc === 'string' ? path : [...path, 'from'], ...unknown(from, places, net.transitions) }
      }
      for (const to of Object.keys(transition.out ?? {})) {
        if (!Object.hasOwn(net.places, to)) yield { path: ['transitions', name, 'out', to], ...unknown(to, places, net.transitions) }
      }
    }
  },
}

function unknown(name: string, places: readonly string[], transitions: object): Pick<Flaw, 'message' | 'remedy'> {
  const near = nearest(name, places)
  return {
    message: `There is no place ${name} in this net${Object.hasOwn(transitions, name) ? '; that is a transition' : ''}.`,
    remedy: Object.hasOwn(transitions, name) ? 'Put a place between: an arc joins a place and a transition.' : near ? `Did you mean ${near}? Else add ${name} under places.` : `Add ${name} under places, or name one of those there.`,
  }
}
