import type { Net, Transition } from '../net.js'

/** The places that may hold a token one day and the transitions that may fire, taking every condition for one that may hold. */
export interface Reach {
  readonly places: ReadonlySet<string>
  readonly transitions: ReadonlySet<string>
}

/** `from`: places that get tokens from elsewhere. Linear in the arcs. */
export function reachOf(net: Net, from: Iterable<string>): Reach {
  const places = new Set<string>()
  const transitions = new Set<string>()
  const missing = new Map<string, number>()
  const wanting = new Map<string, Transition[]>()
  const ready: Transition[] = []
  for (const transition of Object.values(net.transitions)) {
    if (transition.kind === 'link') continue
    const needed = new Set(transition.inputs.filter((arc) => arc.mode !== 'inhibit' && !arc.optional && arc.from !== '_failed').map((arc) => arc.from))
    missing.set(transition.name, needed.size)
    if (needed.size === 0) ready.push(transition)
    for (const place of needed) {
      const list = wanting.get(place)
      if (list) list.push(transition)
      else wanting.set(place, [transition])
    }
  }
  const arrive = (place: string): void => {
    if (places.has(place)) return
    places.add(place)
    for (const transition of wanting.get(place) ?? []) {
      const left = missing.get(transition.name)! - 1
      missing.set(transition.name, left)
      if (left === 0) ready.push(transition)
    }
  }
  for (const place of from) arrive(place)
  for (let transition = ready.pop(); transition; transition = ready.pop()) {
    transitions.add(transition.name)
    for (const arc of transition.outputs) arrive(arc.to)
  }
  return { places, transitions }
}
