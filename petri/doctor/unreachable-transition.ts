import { doorsOf, entriesOf } from './entries.js'
import { reachOf } from './reach.js'
import type { Flaw, Rule } from './rule.js'

export const unreachableTransition: Rule = {
  code: 'unreachable-transition',
  level: 'warning',
  explanation: 'A transition takes from the work that comes in and waits for a place that only itself, or others that wait for it, could feed: a slot without its first token.',
  *check({ net, world }): Iterable<Flaw> {
    const { transitions, places } = reachOf(net, entriesOf(net, world))
    const fed = reachOf(net, doorsOf(net)).places
    for (const transition of Object.values(net.transitions)) {
      if (transition.kind === 'link' || transitions.has(transition.name)) continue
      const empty = transition.inputs.filter((arc) => arc.mode !== 'inhibit' && !arc.optional && Object.hasOwn(net.places, arc.from) && !places.has(arc.from))
      // Where the net has no other door, people put tokens into the circle itself: jobs that are tried again.
      if (empty.length === 0 || !transition.inputs.some((arc) => arc.mode === 'consume' && fed.has(arc.from))) continue
      yield {
        path: ['transitions', transition.name],
        message: `${transition.name} waits for ${empty.map((arc) => arc.from).join(' and ')}, where no token can come.`,
        remedy: 'Feed that place from elsewhere, declare a token in it, or make the arc optional.',
      }
    }
  },
}
