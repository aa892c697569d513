import { danglingArc } from '../doctor/dangling-arc.js'
import { drafted } from '../doctor/drafted.js'
import { idleKey } from '../doctor/idle-key.js'
import { loneOtherwise } from '../doctor/lone-otherwise.js'
import { configOf } from '../doctor/normalise/config.js'
import type { Rule } from '../doctor/rule.js'
import { subjectOf, type Subject } from '../doctor/subject.js'
import { unknownLayout } from '../doctor/unknown-layout.js'
import { unusedCredential } from '../doctor/unused-credential.js'
import { unusedParam } from '../doctor/unused-param.js'
import { API_VERSION } from '../header.js'
import { isObject, own, type Json, type JsonObject } from '../json.js'
import type { NetFile } from '../language.js'
import { nearest } from '../nearest.js'
import type { Draft } from '../net.js'
import { readFile } from '../read.js'
import { createPlace } from './place-edit.js'
import { tableOf, withEntry, withKey, withoutEntry } from './entry.js'
import { writeNetText } from './net-text.js'

export interface Repair {
  /** code of the finding that it answers */
  readonly code: string
  readonly did: string
}

const ROUNDS = 10
/** Rules whose remedy is to take away what has no effect. */
const IDLE: readonly Rule[] = [unusedParam, unusedCredential, unknownLayout, idleKey, loneOtherwise]

/** A net with the remedies applied that cannot change what it does, and what was done. Everything else is left to whoever wrote it. */
export function repair(path: string, net: JsonObject): { net: JsonObject; repairs: Repair[] } {
  const repairs: Repair[] = []
  let mended = headed(path, net, repairs)
  mended = categorised(mended, repairs)
  // taking one thing away may leave another without use
  for (let round = 0; round < ROUNDS; round++) {
    const before = repairs.length
    mended = once(path, mended, repairs)
    if (repairs.length === before) break
  }
  return { net: mended, repairs }
}

function headed(path: string, net: JsonObject, repairs: Repair[]): JsonObject {
  const name = /([^/]+)\.(?:ya?ml|pnml)$/.exec(path)?.[1] ?? ''
  let made = net
  if (!Object.hasOwn(net, 'apiVersion')) {
    made = withKey(made, 'apiVersion', API_VERSION)
    repairs.push({ code: 'missing-key', did: `apiVersion: ${API_VERSION} added` })
  }
  const metadata = tableOf(made, 'metadata')
  const said = own(metadata, 'name')
  if (said === name) return made
  repairs.push({ code: said === undefined ? 'missing-key' : 'name-mismatch', did: `metadata.name is ${name}, as the file is called` })
  return withKey(made, 'metadata', withEntry(metadata, 'name', name))
}

function categorised(net: JsonObject, repairs: Repair[]): JsonObject {
  return Object.entries(tableOf(net, 'places')).reduce((made, [name, place]) => {
    if (place !== null && (!isObject(place) || Object.hasOwn(place, 'category') || Object.hasOwn(place, 'shares'))) return made
    repairs.push({ code: 'missing-key', did: `place ${name} has the category task` })
    const places = tableOf(made, 'places')
    return withKey(made, 'places', withEntry(places, name, { category: 'task', ...(isObject(place) ? place : {}) }))
  }, net)
}

function once(path: string, net: JsonObject, repairs: Repair[]): JsonObject {
  const subject = alone(path, net)
  if (!subject) return net
  let mended = net
  for (const rule of IDLE) {
    for (const { path: at } of rule.check(subject)) {
      if (rule === loneOtherwise && valueAt(mended, at) !== 'otherwise') continue
      const next = without(mended, at)
      if (next === mended) continue
      mended = next
      repairs.push({ code: rule.code, did: `${at.join('.')} removed: it had no effect` })
    }
  }
  for (const { path: at } of danglingArc.check(subject)) {
    const named = at.at(-2) === 'out' ? at.at(-1) : valueAt(mended, at)
    if (typeof named !== 'string' || !/^[a-z][a-z0-9-]{0,62}$/.test(named)) continue
    // a name that is nearly another one is most likely a slip, and only its author knows
    const known = [...Object.keys(tableOf(mended, 'places')), ...Object.keys(tableOf(mended, 'transitions'))]
    if (known.includes(named) || nearest(named, known) !== undefined) continue
    mended = createPlace(mended, named, {})
    repairs.push({ code: danglingArc.code, did: `place ${named} added with the category task: an arc names it` })
  }
  return mended
}

/** The net as rules see it that ask nothing of its neighbours; undefined while it cannot be read. */
function alone(path: string, net: JsonObject): Subject | undefined {
  const draft = readFile(path, writeNetText(path, net)) as Draft<NetFile>
  if (draft.value === undefined || draft.value.kind !== 'Net') return undefined
  const config = configOf(path.split('/').at(-2) ?? '', undefined)
  const world = { config, net: () => draft, sharers: () => [], other: () => undefined }
  const read = drafted(draft, world)
  return read && subjectOf(draft, read.filled, read.net, world)
}

function valueAt(value: Json | undefined, path: readonly (string | number)[]): Json | undefined {
  return path.reduce<Json | undefined>((inner, step) => (Array.isArray(inner) ? (inner as readonly Json[])[Number(step)] : isObject(inner) ? own(inner, String(step)) : undefined), value)
}

/** The value without what stands at a path, and without a table that this leaves empty; itself when nothing stands there. */
function without(value: JsonObject, [step, ...rest]: readonly (string | number)[]): JsonObject {
  const key = String(step)
  const inner = own(value, key)
  if (inner === undefined) return value
  if (rest.length === 0) return withoutEntry(value, key)
  if (Array.isArray(inner)) {
    const list = inner as readonly Json[]
    const at = Number(rest[0])
    const item = list[at]
    if (!isObject(item) || rest.length < 2) return value
    const less = without(item, rest.slice(1))
    return less === item ? value : withEntry(value, key, list.map((old, index) => (index === at ? less : old)))
  }
  if (!isObject(inner)) return value
  const less = without(inner, rest)
  if (less === inner) return value
  const empty = Object.keys(less).length === 0 && (key === 'params' || key === 'credentials' || key === 'layout')
  return empty ? withoutEntry(value, key) : withEntry(value, key, less)
}
