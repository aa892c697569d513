import type { Flaw, Rule } from './rule.js'

export const unreachablePlace: Rule = {
  code: 'unreachable-place',
  level: 'warning',
  explanation: 'No arc touches a place, so nothing comes from it and nothing leads to it.',
  *check({ net, world }): Iterable<Flaw> {
    const touched = new Set<string>()
    for (const transition of Object.values(net.transitions)) {
      for (const arc of transition.inputs) touched.add(arc.from)
      for (const arc of transition.outputs) touched.add(arc.to)
    }
    // An agent's tools read and write places that no arc names.
    const agents = Object.values(net.transitions).some((transition) => transition.kind === 'agent')
    for (const place of Object.values(net.places)) {
      const used = place.open !== undefined || world.sharers(place.address).length > 0 || place.tokens.length > 0
      if (!touched.has(place.name) && !used && !agents) {
        yield {
          path: ['places', place.name],
          message: `No arc leads to ${place.name} or from it.`,
          remedy: 'Join it to a transition with in or out, share it from another net, or remove it.',
        }
      }
    }
  },
}
