import { own, type JsonObject } from '../json.js'
import { arcsOf, withoutArcs } from './arcs-of.js'
import { EditFault } from './edit-fault.js'
import { requireName, tableOf, unknown, withEntry, withKey } from './entry.js'
import { forgotten } from './forgotten.js'

/** A net with this place; of one that is there already the given keys are set and the others stay. */
export function createPlace(net: JsonObject, name: string, given: JsonObject): JsonObject {
  requireName(name, 'place')
  if (Object.hasOwn(tableOf(net, 'transitions'), name))
    throw new EditFault('name-taken', `${name} is a transition of the net`, 'give the place another name: a noun for the place, a verb for the transition')
  const places = tableOf(net, 'places')
  const before = own(places, name)
  const begun: JsonObject = before === undefined ? (Object.hasOwn(given, 'shares') ? {} : { category: 'task' }) : tableOf(places, name)
  return withKey(net, 'places', withEntry(places, name, Object.entries(given).reduce((place, [key, value]) => withEntry(place, key, value), begun)))
}

/** A net without this place. One that has arcs is refused with their list, unless the arcs are to go as well. */
export function deletePlace(net: JsonObject, name: string, arcs: boolean): JsonObject {
  if (!Object.hasOwn(tableOf(net, 'places'), name)) throw unknown(net, 'place', name)
  const found = arcsOf(net, name)
  if (found.length > 0 && !arcs) {
    const list = found.slice(0, 20).map(({ text }) => text).join(', ')
    throw new EditFault('has-arcs', `place ${name} has ${found.length === 1 ? 'an arc' : `${found.length} arcs`}: ${list}${found.length > 20 ? ' and more' : ''}`, 'delete the arcs first, or give arcs: true to delete them with it')
  }
  return forgotten(withoutArcs(net, found), 'places', name)
}
