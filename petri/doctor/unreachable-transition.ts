import { entriesOf } from './entries.js'
import { reachOf } from './reach.js'
import type { Flaw, Rule } from './rule.js'

export const unreachableTransition: Rule = {
  code: 'unreachable-transition',
  level: 'warning',
  explanation: 'A transition waits for a place that only itself, or others that wait for it, could feed, so it never fires unless somebody puts a token there.',
  *check({ net, world }): Iterable<Flaw> {
    const { transitions, places } = reachOf(net, entriesOf(net, world))
    for (const transition of Object.values(net.transitions)) {
      if (transition.kind === 'link' || transitions.has(transition.name)) continue
      const empty = transition.inputs.filter((arc) => arc.mode !== 'inhibit' && !arc.optional && Object.hasOwn(net.places, arc.from) && !places.has(arc.from))
      // A dangling arc has its own finding.
      if (empty.length === 0) continue
      yield {
        path: ['transitions', transition.name],
        message: `${transition.name} waits for ${empty.map((arc) => arc.from).join(' and ')}, where no token can come.`,
        remedy: 'Feed that place from elsewhere, declare a token in it, or make the arc optional.',
      }
    }
  },
}
