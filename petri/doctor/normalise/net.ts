import type { NetFile, PlaceFile } from '../../language.js'
import type { Net, Place, SessionConfig } from '../../net.js'
import { budgetOf } from './budget.js'
import { placeOf, sharerOf } from './place.js'
import { transitionOf } from './transition.js'

/** The Net that a file with its params filled in says; total, so that rules can judge it before anybody may run it. */
export function netOf(file: NetFile, config: SessionConfig, owner: (address: string) => PlaceFile | undefined): Net {
  const net = file.metadata.name
  const places = new Map<string, Place>()
  for (const [name, place] of Object.entries(file.places ?? {})) {
    places.set(name, place.shares === undefined ? placeOf(net, name, place) : sharerOf(net, name, place, owner(place.shares)))
  }
  const transitions = Object.entries(file.transitions ?? {}).map(([name, transition]) => transitionOf(net, name, transition, places))
  return {
    session: config.session,
    name: net,
    ...(file.metadata.title === undefined ? {} : { title: file.metadata.title }),
    ...(file.metadata.description === undefined ? {} : { description: file.metadata.description }),
    params: { ...config.params, ...file.params },
    places: Object.fromEntries(places),
    transitions: Object.fromEntries(transitions.map((transition) => [transition.name, transition])),
    ...budgetOf(file.budget),
    stalled: [],
  }
}
