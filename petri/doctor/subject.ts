import type { NetFile } from '../language.js'
import type { Draft, Net } from '../net.js'
import { expressionsOf, type Expression } from './expression.js'
import type { Filled } from './normalise/params.js'
import { peersOf, type Peer } from './peers.js'
import { shapesOf, type Shapes } from './shape/shapes.js'
import type { World } from './world.js'

/** One net as rules see it: as written (params filled in), as it would run, and what stands around it. */
export interface Subject {
  readonly draft: Draft<NetFile>
  readonly file: NetFile
  readonly net: Net
  readonly world: World
  /** `${params.x}` that are whole values */
  readonly uses: Filled['uses']
  /** every condition, order, path and template, parsed */
  readonly expressions: readonly Expression[]
  /** what tokens and results look like */
  readonly shapes: Shapes
  /** every arc that takes from the place at an address, in this net and in all that share it */
  readonly takers: (address: string) => readonly Peer[]
}

export function subjectOf(draft: Draft<NetFile>, filled: Filled, net: Net, world: World): Subject {
  const takers = new Map<string, readonly Peer[]>()
  return {
    draft,
    file: filled.value,
    net,
    world,
    uses: filled.uses,
    expressions: expressionsOf({ net, file: filled.value }),
    shapes: shapesOf(net, world),
    takers: (address) => {
      let found = takers.get(address)
      if (!found) takers.set(address, (found = peersOf(address, net, world)))
      return found
    },
  }
}
