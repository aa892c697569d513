import type { PlaceFile } from '../language.js'
import type { World } from './world.js'

/** The place of another session that `session/net/place` names, as its file says. */
export function farPlace(address: string, world: World): PlaceFile | undefined {
  const [session = '', net = '', place = ''] = address.split('/')
  const places = world.other(session, net)?.value?.places
  return places && Object.hasOwn(places, place) ? places[place] : undefined
}
