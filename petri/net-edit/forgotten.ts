import { isObject, own, type JsonObject } from '../json.js'
import { tableOf, withEntry, withKey, withoutEntry } from './entry.js'

/** A net without an element, and without what layout and drawings of other tools say of it. */
export function forgotten(net: JsonObject, table: 'places' | 'transitions', name: string): JsonObject {
  let left = withKey(net, table, withoutEntry(tableOf(net, table), name))
  if (Object.hasOwn(tableOf(left, 'layout'), name)) left = trimmed(left, 'layout', withoutEntry(tableOf(left, 'layout'), name))
  const foreign = tableOf(left, 'foreign')
  const pnml = own(foreign, 'pnml')
  if (!isObject(pnml)) return left
  const nodes = trimmed(pnml, table, withoutEntry(tableOf(pnml, table), name))
  const arcs = Object.fromEntries(Object.entries(tableOf(nodes, 'arcs')).filter(([pair]) => !pair.split(/[^a-z0-9-]+/).includes(name)))
  return trimmed(left, 'foreign', trimmed(foreign, 'pnml', trimmed(nodes, 'arcs', arcs)))
}

function trimmed(object: JsonObject, key: string, table: JsonObject): JsonObject {
  return Object.keys(table).length === 0 ? withoutEntry(object, key) : Object.hasOwn(object, key) ? withEntry(object, key, table) : object
}
