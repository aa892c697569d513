import { own, type JsonObject } from '../json.js'
import { EditFault } from './edit-fault.js'
import { requireName, tableOf, transitionOf, unknown, withEntry, withKey, withTransitionKey } from './entry.js'
import { forgotten } from './forgotten.js'
import { mergePatch } from './merge-patch.js'

/** A net with this transition; of one of the same kind that is there already the given keys are set and the others stay. */
export function createTransition(net: JsonObject, name: string, kind: string, given: JsonObject): JsonObject {
  requireName(name, 'transition')
  if (Object.hasOwn(tableOf(net, 'places'), name)) throw new EditFault('name-taken', `${name} is a place of the net`, 'give the transition another name: a verb, where the place has a noun')
  const transitions = tableOf(net, 'transitions')
  const before = own(transitions, name) === undefined ? undefined : tableOf(transitions, name)
  if (before !== undefined && own(before, 'kind') !== kind)
    throw new EditFault('exists', `there is a transition ${name} of kind ${String(own(before, 'kind'))} already`, `change it with SET_INSCRIPTION, patch: {"kind": ${JSON.stringify(kind)}, "do": ...}, or delete it first`)
  const made = Object.entries(given).reduce((transition, [key, value]) => withTransitionKey(transition, key, value), before ?? { kind })
  return withKey(net, 'transitions', withEntry(transitions, name, made))
}

export function deleteTransition(net: JsonObject, name: string): JsonObject {
  if (!Object.hasOwn(tableOf(net, 'transitions'), name)) throw unknown(net, 'transition', name)
  return forgotten(net, 'transitions', name)
}

/** What a transition is besides its arcs: the whole of it, or a merge patch. Arcs stay unless `in` or `out` are given. */
export function setInscription(net: JsonObject, name: string, given: { inscription: JsonObject } | { patch: JsonObject }): JsonObject {
  const before = transitionOf(net, name)
  const after = 'patch' in given ? (mergePatch(before, given.patch) as JsonObject) : whole(before, given.inscription)
  if (own(after, 'kind') === undefined) throw new EditFault('no-kind', `${name} would have no kind`, 'a transition always has one: pass, map, link, http, llm, agent or command')
  return withKey(net, 'transitions', withEntry(tableOf(net, 'transitions'), name, after))
}

function whole(before: JsonObject, inscription: JsonObject): JsonObject {
  const stays = ['kind', 'in', 'out'].filter((key) => Object.hasOwn(before, key) && !Object.hasOwn(inscription, key))
  const wanted: JsonObject = { ...Object.fromEntries(stays.map((key) => [key, before[key]!])), ...inscription }
  // keys that stay keep their place, so that the text of those untouched is untouched
  const kept = Object.keys(before).filter((key) => Object.hasOwn(wanted, key))
  const begun = Object.fromEntries(kept.map((key) => [key, wanted[key]!]))
  return Object.keys(wanted).filter((key) => !Object.hasOwn(begun, key)).reduce((made: JsonObject, key) => withTransitionKey(made, key, wanted[key]!), begun)
}
