import { isObject, own, type Json, type JsonObject } from '../json.js'
import { nearest } from '../nearest.js'
import { NAME } from '../scalar.js'
import { EditFault } from './edit-fault.js'

// Edits work on the value of a file as it stands, finished or not: a NetFile is one that has no findings of its own.

/** Keys of a net file in the order in which people write them. */
const ORDER = ['apiVersion', 'kind', 'metadata', 'params', 'places', 'transitions', 'budget', 'layout', 'foreign']
const TRANSITION_ORDER = ['kind', 'title', 'description', 'in', 'schedule', 'do', 'out']

/** A table of a file (`places`, `transitions`, `layout` ...), empty when there is none. */
export function tableOf(value: JsonObject, key: string): JsonObject {
  const found = own(value, key)
  if (found === undefined || found === null) return {}
  if (!isObject(found)) throw new EditFault('unreadable', `${key} is not a table of names`, `correct ${key} in the file first`)
  return found
}

/** A table with one entry set; where the key is there already it keeps its place. */
export function withEntry(table: JsonObject, name: string, value: Json): JsonObject {
  return Object.fromEntries([...Object.entries(table).map(([key, old]) => [key, key === name ? value : old] as const), ...(Object.hasOwn(table, name) ? [] : [[name, value] as const])])
}

export function withoutEntry(table: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(table).filter(([key]) => key !== name))
}

/** A net with one of its keys set; a new one comes where people look for it. An empty table is left out. */
export function withKey(net: JsonObject, key: string, value: Json): JsonObject {
  return isObject(value) && Object.keys(value).length === 0 && !Object.hasOwn(net, key) ? net : placed(net, key, value, ORDER)
}

/** The same for a key of a transition. */
export function withTransitionKey(transition: JsonObject, key: string, value: Json): JsonObject {
  return placed(transition, key, value, TRANSITION_ORDER)
}

function placed(object: JsonObject, key: string, value: Json, order: readonly string[]): JsonObject {
  if (Object.hasOwn(object, key)) return withEntry(object, key, value)
  const rank = order.indexOf(key)
  const entries = Object.entries(object)
  const at = rank < 0 ? -1 : entries.findIndex(([other]) => order.indexOf(other) > rank)
  return Object.fromEntries(at < 0 ? [...entries, [key, value]] : [...entries.slice(0, at), [key, value], ...entries.slice(at)])
}

/** Refuses what is no name of the language. */
export function requireName(name: string, what: string): void {
  if (NAME.test(name)) return
  const better = name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^[^a-z]+|-+$/g, '').slice(0, 63)
  throw new EditFault('bad-name', `${JSON.stringify(name.slice(0, 100))} is no name of a ${what}`, `use a lower-case letter, then letters, digits and hyphens, 63 at most${better === '' ? '' : `: ${better}`}`)
}

/** The transition of a name; with the nearest name when there is none. */
export function transitionOf(net: JsonObject, name: string): JsonObject {
  const found = own(tableOf(net, 'transitions'), name)
  if (isObject(found)) return found
  throw unknown(net, 'transition', name)
}

/** What to say of a name that no place or transition has. */
export function unknown(net: JsonObject, what: 'place' | 'transition' | 'element', name: string): EditFault {
  const places = what === 'transition' ? [] : Object.keys(tableOf(net, 'places'))
  const transitions = what === 'place' ? [] : Object.keys(tableOf(net, 'transitions'))
  const known = [...places, ...transitions]
  const near = nearest(name, known)
  const called = what === 'element' ? 'place or transition' : what
  const list = known.length === 0 ? `the net has no ${called} yet` : `there are ${known.slice(0, 30).join(', ')}${known.length > 30 ? ' and more' : ''}`
  return new EditFault('not-found', `the net has no ${called} ${JSON.stringify(name.slice(0, 100))}`, near === undefined ? list : `did you mean ${near}? ${list}`)
}

export function nameOf(net: JsonObject): string {
  const name = own(tableOf(net, 'metadata'), 'name')
  return typeof name === 'string' ? name : ''
}
