import { RESERVED } from '../doctor/reserved-variable.js'
import { isObject, own, type Json, type JsonObject } from '../json.js'
import { VARIABLE } from '../scalar.js'
import { sameJson } from '../yaml/same.js'
import { arcsOf, fromOf, withoutArcs, withSide, type FoundArc } from './arcs-of.js'
import { EditFault } from './edit-fault.js'
import { tableOf, transitionOf, unknown, withEntry, withKey, withTransitionKey } from './entry.js'

/** What an arc may say; those of inputs and of outputs are told apart by the direction. */
export interface ArcWords {
  readonly variable?: string | undefined
  /** of an input: `where`, `take`, `mode`, `orderBy`, `optional`, `otherwise`, `after` */
  readonly input: JsonObject
  /** of an output: `emit`, `each`, `when` */
  readonly output: JsonObject
}

/** A net with this arc; of one that is there already the given keys are set and the others stay. */
export function createArc(net: JsonObject, from: string, to: string, words: ArcWords): JsonObject {
  const { place, transition, side } = directionOf(net, from, to)
  const [wrong, of] = side === 'in' ? [words.output, 'emit, each and when are of arcs from a transition to a place'] : [words.input, 'where, take, mode, orderBy, optional, otherwise and after are of arcs from a place to a transition']
  const stray = Object.keys(wrong)[0] ?? (side === 'out' && words.variable !== undefined ? 'variable' : undefined)
  if (stray !== undefined) throw new EditFault('wrong-side', `${from} -> ${to} is an ${side === 'in' ? 'input' : 'output'} of ${transition} and has no ${stray}`, side === 'out' && stray === 'variable' ? 'leave variable out: only inputs have one' : of)
  const value = transitionOf(net, transition)
  const table = side === 'in' ? withInput(tableOf(value, 'in'), place, words) : withOutput(tableOf(value, 'out'), place, words.output)
  return withKey(net, 'transitions', withEntry(tableOf(net, 'transitions'), transition, withTransitionKey(value, side, table)))
}

function withInput(table: JsonObject, place: string, { variable, input }: ArcWords): JsonObject {
  const name = variable ?? freeVariable(table, place)
  if (!VARIABLE.test(name)) throw new EditFault('bad-name', `${JSON.stringify(name.slice(0, 100))} is no variable`, 'use a lower-case letter, then letters and digits, 63 at most')
  const before = own(table, name)
  const other = fromOf(before)
  if (before !== undefined && other !== place) throw new EditFault('name-taken', `the variable ${name} takes from ${other ?? 'elsewhere'} already`, 'give the arc another variable, or delete the other arc first')
  const kept: JsonObject = isObject(before) ? before : { from: place }
  const arc = Object.entries(input).reduce((made, [key, value]) => withEntry(made, key, value), kept)
  return withEntry(table, name, Object.keys(arc).length === 1 && !isObject(before) ? place : arc)
}

/** The variable that an arc from a place has where none is given: `sshLines` of ssh-lines. */
function freeVariable(table: JsonObject, place: string): string {
  const own = Object.keys(table).filter((name) => fromOf(table[name]) === place)
  const camel = place.replace(/^_/, '').replace(/-+([a-z0-9]?)/g, (_, next: string) => next.toUpperCase())
  const base = RESERVED.has(camel) ? `${camel}Token` : camel
  if (own.length === 1 || own.includes(base)) return own.includes(base) ? base : own[0]!
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base.slice(0, 60)}${n}`
    if (!Object.hasOwn(table, name)) return name
  }
}

function withOutput(table: JsonObject, place: string, output: JsonObject): JsonObject {
  const before = own(table, place)
  const list = Array.isArray(before) ? (before as readonly Json[]) : before === undefined ? [] : [before]
  const at = list.findIndex((arc) => sameJson(whenOf(arc), whenOf(output)))
  const arc = Object.entries(output).reduce((made, [key, value]) => withEntry(made, key, value), isObject(list[at]) ? list[at] : {})
  const next = at < 0 ? [...list, arc] : list.map((old, index) => (index === at ? arc : old))
  return withEntry(table, place, next.length === 1 && !Array.isArray(before) ? next[0]! : next)
}

/** When an output emits, as written: two arcs to one place differ by it. */
function whenOf(arc: Json | undefined): Json {
  const when = isObject(arc) ? own(arc, 'when') : undefined
  return when ?? 'success'
}

/** A net without the arcs between two elements; `variable` picks one input, `when` one output. Says which went. */
export function deleteArc(net: JsonObject, from: string, to: string, pick: { variable?: string | undefined; when?: string | undefined }): { net: JsonObject; deleted: string[] } {
  const { place, transition, side } = directionOf(net, from, to)
  const between = arcsOf(net, place).filter((arc) => arc.transition === transition && arc.side === side)
  if (side === 'out' && pick.when !== undefined && between.length > 0) return withoutOutput(net, between[0]!, pick.when)
  const gone = between.filter((arc) => pick.variable === undefined || arc.key === pick.variable)
  if (gone.length === 0) {
    const all = [...arcsOf(net, place).filter((arc) => arc.transition === transition)].map(({ text }) => text)
    throw new EditFault('not-found', `there is no arc ${from} -> ${to}${pick.variable === undefined ? '' : ` of the variable ${pick.variable}`}`, all.length === 0 ? `${place} and ${transition} have no arc between them` : `between the two there is ${all.join(', ')}`)
  }
  return { net: withoutArcs(net, gone), deleted: gone.map(({ text }) => text) }
}

function withoutOutput(net: JsonObject, { transition, key, text }: FoundArc, when: string): { net: JsonObject; deleted: string[] } {
  const value = transitionOf(net, transition)
  const out = tableOf(value, 'out')
  const list = Array.isArray(out[key]) ? (out[key] as readonly Json[]) : [out[key]!]
  const left = list.filter((arc) => whenOf(arc) !== when)
  if (left.length === list.length) throw new EditFault('not-found', `no arc ${text} has when: ${when}`, `those there have ${list.map((arc) => JSON.stringify(whenOf(arc))).join(', ')}`)
  const table = left.length === 0 ? Object.fromEntries(Object.entries(out).filter(([place]) => place !== key)) : withEntry(out, key, left.length === 1 ? left[0]! : left)
  return { net: withKey(net, 'transitions', withEntry(tableOf(net, 'transitions'), transition, withSide(value, 'out', table))), deleted: [`${text} (${when})`] }
}

interface Direction {
  readonly place: string
  readonly transition: string
  readonly side: 'in' | 'out'
}

function directionOf(net: JsonObject, from: string, to: string): Direction {
  const isPlace = (name: string): boolean => name === '_failed' || Object.hasOwn(tableOf(net, 'places'), name)
  const isTransition = (name: string): boolean => Object.hasOwn(tableOf(net, 'transitions'), name)
  if (isPlace(from) && isTransition(to)) return { place: from, transition: to, side: 'in' }
  if (isTransition(from) && isPlace(to) && to !== '_failed') return { place: to, transition: from, side: 'out' }
  for (const name of [from, to]) if (!isPlace(name) && !isTransition(name)) throw unknown(net, 'element', name)
  const both = isPlace(from) ? 'places' : 'transitions'
  throw new EditFault('wrong-arc', to === '_failed' ? 'nothing puts tokens into _failed but failures themselves' : `${from} and ${to} are both ${both}`, to === '_failed' ? 'name a place of the net; an output with when: error goes there' : `an arc joins a place and a transition: put a ${both === 'places' ? 'transition' : 'place'} between`)
}
