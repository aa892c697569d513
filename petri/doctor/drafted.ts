import type { NetFile, PlaceFile } from '../language.js'
import type { Draft, Net } from '../net.js'
import { netOf } from './normalise/net.js'
import { fillParams, type Filled } from './normalise/params.js'
import type { World } from './world.js'

/** A draft read as far as it can be, checked or not. */
export interface Drafted {
  readonly filled: Filled
  readonly net: Net
}

const known = new WeakMap<World, Map<Draft<NetFile>, Drafted | undefined>>()

/** What a draft says with params filled in and defaults written out; undefined when its text could not be read. Made once in a world. */
export function drafted(draft: Draft<NetFile>, world: World): Drafted | undefined {
  let here = known.get(world)
  if (!here) known.set(world, (here = new Map()))
  if (!here.has(draft)) here.set(draft, make(draft, world))
  return here.get(draft)
}

function make(draft: Draft<NetFile>, world: World): Drafted | undefined {
  if (draft.value === undefined) return undefined
  const filled = fillParams(draft.value, { ...world.config.params, ...draft.value.params })
  return { filled, net: netOf(filled.value, world.config, (address) => ownerOf(address, world)) }
}

/** The place in the file that owns an address of this session, with its params filled in. */
export function ownerOf(address: string, world: World): PlaceFile | undefined {
  const [net = '', place = ''] = address.split('/')
  const value = world.net(net)?.value
  const found = value?.places && Object.hasOwn(value.places, place) ? value.places[place] : undefined
  if (!value || !found) return undefined
  const params = { ...world.config.params, ...value.params }
  return fillParams({ ...value, places: { [place]: found }, transitions: {} }, params).value.places?.[place]
}
