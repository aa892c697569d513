import type { InputArc, Net, Transition } from '../net.js'
import { drafted } from './drafted.js'
import type { World } from './world.js'

/** An arc that takes from a place, and whose it is. */
export interface Peer {
  readonly net: Net
  readonly transition: Transition
  readonly arc: InputArc
}

/** Every input arc at an address: of this net, of the owner's and of each that shares it. */
export function peersOf(address: string, net: Net, world: World): readonly Peer[] {
  return netsAt(address, net, world).flatMap((peer) => arcsAt(peer, address))
}

/** The nets that touch a place: this one first. */
export function netsAt(address: string, net: Net, world: World): readonly Net[] {
  const owner = world.net(address.split('/')[0] ?? '')
  const nets = new Map([[net.name, net]])
  for (const draft of owner ? [owner, ...world.sharers(address)] : world.sharers(address)) {
    const other = draft.value && !nets.has(draft.value.metadata.name) ? drafted(draft, world)?.net : undefined
    if (other) nets.set(other.name, other)
  }
  return [...nets.values()]
}

const indexed = new WeakMap<Net, Map<string, Peer[]>>()

function arcsAt(net: Net, address: string): readonly Peer[] {
  let index = indexed.get(net)
  if (!index) {
    indexed.set(net, (index = new Map()))
    for (const transition of Object.values(net.transitions)) {
      if (transition.kind === 'link') continue
      for (const arc of transition.inputs) {
        const list = index.get(arc.address)
        if (list) list.push({ net, transition, arc })
        else index.set(arc.address, [{ net, transition, arc }])
      }
    }
  }
  return index.get(address) ?? []
}
