import { isObject, own, type Json, type JsonObject } from '../json.js'
import { tableOf, withEntry, withKey, withoutEntry } from './entry.js'

export interface FoundArc {
  readonly transition: string
  readonly side: 'in' | 'out'
  /** the variable of an input, the place of an output */
  readonly key: string
  /** as people name it */
  readonly text: string
}

/** The arcs that a place of this net has, in file order. */
export function arcsOf(net: JsonObject, place: string): FoundArc[] {
  return Object.entries(tableOf(net, 'transitions')).flatMap(([transition, value]) => {
    if (!isObject(value)) return []
    const inputs = Object.entries(tableOf(value, 'in')).filter(([, arc]) => fromOf(arc) === place)
    return [
      ...inputs.map(([key]): FoundArc => ({ transition, side: 'in', key, text: `${place} -> ${transition} (${key})` })),
      ...(Object.hasOwn(tableOf(value, 'out'), place) ? [{ transition, side: 'out' as const, key: place, text: `${transition} -> ${place}` }] : []),
    ]
  })
}

/** The place that an input arc takes from, as it is written. */
export function fromOf(arc: Json | undefined): string | undefined {
  const from = isObject(arc) ? own(arc, 'from') : arc
  return typeof from === 'string' ? from : undefined
}

export function withoutArcs(net: JsonObject, arcs: readonly FoundArc[]): JsonObject {
  return arcs.reduce((left, { transition, side, key }) => {
    const transitions = tableOf(left, 'transitions')
    const value = tableOf(transitions, transition)
    return withKey(left, 'transitions', withEntry(transitions, transition, withSide(value, side, withoutEntry(tableOf(value, side), key))))
  }, net)
}

/** A transition whose `in` or `out` is this; without the key when it is empty. */
export function withSide(transition: JsonObject, side: 'in' | 'out', table: JsonObject): JsonObject {
  return Object.keys(table).length === 0 ? withoutEntry(transition, side) : withEntry(transition, side, table)
}
