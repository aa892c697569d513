import { canonicalText } from '../../petri/canonical.js'
import type { Json } from '../../petri/json.js'
import type { Net } from '../../petri/net.js'
import type { Checked } from './checked.js'

/** Elements (`session/net/element`) that two changes of one base both touch, and not to the same effect. */
export function overlap(base: Checked, ours: Checked, theirs: Checked): string[] {
  const mine = touched(base, ours)
  return [...touched(base, theirs)].filter(([element, text]) => mine.has(element) && mine.get(element) !== text).map(([element]) => element)
}

/** What a change touches, and what it makes of it. */
function touched(before: Checked, after: Checked): Map<string, string> {
  const found = new Map<string, string>()
  for (const session of new Set([...before.sessions.keys(), ...after.sessions.keys()])) {
    const [was, is] = [before.sessions.get(session), after.sessions.get(session)]
    compare(found, keysOf(`${session}/session.yaml`, was?.config), keysOf(`${session}/session.yaml`, is?.config))
    for (const name of new Set([...(was?.nets.keys() ?? []), ...(is?.nets.keys() ?? [])])) {
      const [old, now] = [was?.nets.get(name), is?.nets.get(name)]
      if (old?.identity === now?.identity) continue
      const address = `${session}/${name}`
      // A net with errors has no elements to compare: it is one element then.
      if ((old && !old.net) || (now && !now.net)) compare(found, new Map([[address, old?.blob]]), new Map([[address, now?.blob]]))
      else compare(found, elements(address, old?.net), elements(address, now?.net))
    }
  }
  return found
}

function elements(address: string, net: Net | undefined): Map<string, unknown> {
  const parts = new Map<string, unknown>()
  if (!net) return parts
  for (const [name, place] of Object.entries(net.places)) parts.set(`${address}/${name}`, place)
  for (const [name, transition] of Object.entries(net.transitions)) parts.set(`${address}/${name}`, transition)
  for (const [key, value] of keysOf(address, { title: net.title, description: net.description, budget: net.budget })) parts.set(key, value)
  return parts
}

/** What is no place and no transition, key by key: `demo/session.yaml retention`, `demo/session.yaml params.logs`. */
function keysOf(address: string, value: object | undefined): Map<string, unknown> {
  const keys = new Map<string, unknown>()
  for (const [key, one] of Object.entries(value ?? {})) {
    if (key === 'params' || key === 'limits') for (const [name, inner] of Object.entries(one as object)) keys.set(`${address} ${key}.${name}`, inner)
    else keys.set(`${address} ${key}`, one)
  }
  return keys
}

function compare(found: Map<string, string>, before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): void {
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [textOf(before.get(key)), textOf(after.get(key))]
    if (was !== is) found.set(key, is)
  }
}

function textOf(value: unknown): string {
  return value === undefined ? '' : canonicalText(JSON.parse(JSON.stringify(value)) as Json)
}
