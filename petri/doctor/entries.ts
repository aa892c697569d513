import type { Net } from '../net.js'
import type { World } from './world.js'

/** The places that tokens are put to by hand, for certain: nothing feeds them, nothing is declared in them, and something takes from them. */
export function doorsOf(net: Net): Set<string> {
  const fed = new Set(Object.values(net.transitions).flatMap((transition) => transition.outputs.map((arc) => arc.to)))
  return new Set(Object.values(net.places)
    .filter((place) => place.tokens.length === 0 && place.shares === undefined && place.category === 'task' && !fed.has(place.name))
    .map((place) => place.name))
}

/** The places that get tokens from beyond the net's own firings: declared, shared, open to others, or fed by no transition and so put by hand. */
export function entriesOf(net: Net, world: World): Set<string> {
  const fed = new Set(Object.values(net.transitions).flatMap((transition) => (transition.kind === 'link' ? [] : transition.outputs.map((arc) => arc.to))))
  return new Set(Object.values(net.places)
    .filter((place) => place.tokens.length > 0 || place.shares !== undefined || place.open !== undefined || !fed.has(place.name) || world.sharers(place.address).length > 0)
    .map((place) => place.name))
}
