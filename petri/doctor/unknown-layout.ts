import { nearest } from '../nearest.js'
import type { Flaw, Rule } from './rule.js'

export const unknownLayout: Rule = {
  code: 'unknown-layout',
  level: 'warning',
  explanation: 'The layout gives a position to something the net does not have, most likely a name that was changed elsewhere.',
  *check({ file, net }): Iterable<Flaw> {
    for (const name of Object.keys(file.layout ?? {})) {
      if (Object.hasOwn(net.places, name) || Object.hasOwn(net.transitions, name)) continue
      const near = nearest(name, [...Object.keys(net.places), ...Object.keys(net.transitions)])
      yield {
        path: ['layout', name],
        message: `${name} is neither a place nor a transition.`,
        remedy: near ? `Did you mean ${near}? Else remove it.` : 'Remove it from the layout.',
      }
    }
  },
}
