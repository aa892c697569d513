import { canonicalText } from './canonical.js'
import { differences, type Difference } from './difference.js'
import type { Json, JsonObject } from './json.js'
import type { InputArc, Net, OutputArc, Place, SessionConfig, Transition } from './net.js'
import { configView, inputView, inscriptionView, netView, outputView, placeView, tokensView } from './plan-view.js'

export type Verb = 'add' | 'remove' | 'change'

export interface PlacePlan {
  readonly name: string
  readonly verb: Verb
  readonly differences: readonly Difference[]
  /** declared tokens */
  readonly tokens: { readonly added: readonly Json[]; readonly removed: readonly Json[] }
}

export interface ArcPlan {
  /** the variable of an input, the place of an output */
  readonly name: string
  readonly verb: Verb
  readonly differences: readonly Difference[]
  /** the whole arc: several to one place have no other name */
  readonly before?: JsonObject
  readonly after?: JsonObject
}

export interface TransitionPlan {
  readonly name: string
  readonly verb: Verb
  /** kind, do and every other key besides the arcs */
  readonly differences: readonly Difference[]
  readonly inputs: readonly ArcPlan[]
  readonly outputs: readonly ArcPlan[]
  /** the variables in binding order, where those that stayed changed places or a new one came between them */
  readonly order?: { readonly before: readonly string[]; readonly after: readonly string[] }
}

/** What a change of files means for one net; layout, comments and formatting mean nothing. */
export interface NetPlan {
  readonly session: string
  readonly net: string
  readonly verb: Verb | 'same'
  /** title, description, params, budget */
  readonly differences: readonly Difference[]
  readonly places: readonly PlacePlan[]
  readonly transitions: readonly TransitionPlan[]
}

export interface SessionPlan {
  readonly session: string
  readonly verb: Verb
  readonly differences: readonly Difference[]
}

/** What a change of a whole repository means. Only what differs is in it. */
export interface Plan {
  readonly sessions: readonly SessionPlan[]
  readonly nets: readonly NetPlan[]
}

export type Sessions = ReadonlyMap<string, { readonly config: SessionConfig; readonly nets: ReadonlyMap<string, Net> }>

export function planNet(before: Net | undefined, after: Net | undefined): NetPlan {
  const one = after ?? before
  if (!one) throw new TypeError('a plan needs a net on one side')
  const own = differences(before ? netView(before) : {}, after ? netView(after) : {})
  const places = pairs(before?.places, after?.places).flatMap(([name, a, b]) => planPlace(name, a, b))
  const transitions = pairs(before?.transitions, after?.transitions).flatMap(([name, a, b]) => planTransition(name, a, b))
  const same = own.length + places.length + transitions.length === 0
  return { session: one.session, net: one.name, verb: !before ? 'add' : !after ? 'remove' : same ? 'same' : 'change', differences: own, places, transitions }
}

export function planRepository(before: Sessions, after: Sessions): Plan {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort()
  const sessions: SessionPlan[] = []
  const nets: NetPlan[] = []
  for (const session of names) {
    const [a, b] = [before.get(session), after.get(session)]
    const own = differences(a ? configView(a.config) : {}, b ? configView(b.config) : {})
    if (!a || !b || own.length > 0) sessions.push({ session, verb: !a ? 'add' : !b ? 'remove' : 'change', differences: own })
    for (const net of [...new Set([...(a?.nets.keys() ?? []), ...(b?.nets.keys() ?? [])])].sort()) {
      const plan = withoutSessionParams(planNet(a?.nets.get(net), b?.nets.get(net)), a && b ? own : [])
      if (plan.verb !== 'same') nets.push(plan)
    }
  }
  return { sessions, nets }
}

/** A param that the session changed is told once, by the session, not again by each of its nets. */
function withoutSessionParams(plan: NetPlan, session: readonly Difference[]): NetPlan {
  if (plan.verb !== 'change' || session.length === 0) return plan
  const told = new Set(session.filter(({ path }) => path[0] === 'params').map((difference) => canonicalText(difference as unknown as Json)))
  const own = plan.differences.filter((difference) => !told.has(canonicalText(difference as unknown as Json)))
  const same = own.length + plan.places.length + plan.transitions.length === 0
  return { ...plan, differences: own, verb: same ? 'same' : 'change' }
}

function planPlace(name: string, before: Place | undefined, after: Place | undefined): PlacePlan[] {
  const own = differences(before ? placeView(before) : {}, after ? placeView(after) : {})
  const tokens = planTokens(before ? tokensView(before) : [], after ? tokensView(after) : [])
  if (before && after && own.length + tokens.added.length + tokens.removed.length === 0) return []
  return [{ name, verb: verbOf(before, after), differences: own, tokens }]
}

/** The difference of two sorted bags of canonical texts. */
function planTokens(before: readonly string[], after: readonly string[]): PlacePlan['tokens'] {
  const added: Json[] = []
  const removed: Json[] = []
  let [a, b] = [0, 0]
  while (a < before.length || b < after.length) {
    if (a < before.length && b < after.length && before[a] === after[b]) [a, b] = [a + 1, b + 1]
    else if (b >= after.length || (a < before.length && before[a]! < after[b]!)) removed.push(JSON.parse(before[a++]!) as Json)
    else added.push(JSON.parse(after[b++]!) as Json)
  }
  return { added, removed }
}

function planTransition(name: string, before: Transition | undefined, after: Transition | undefined): TransitionPlan[] {
  const own = differences(before ? inscriptionView(before) : {}, after ? inscriptionView(after) : {})
  const inputs = pairs(byVariable(before), byVariable(after)).flatMap(([variable, a, b]) => planArc(variable, a && inputView(a), b && inputView(b)))
  const outputs = pairs(byPlace(before), byPlace(after)).flatMap(([place, a, b]) => planOutputs(place, a ?? [], b ?? []))
  const order = after ? planOrder(before?.inputs ?? [], after.inputs) : undefined
  if (before && after && own.length + inputs.length + outputs.length === 0 && !order) return []
  return [{ name, verb: verbOf(before, after), differences: own, inputs, outputs, ...(order ? { order } : {}) }]
}

function byVariable(transition: Transition | undefined): Readonly<Record<string, InputArc>> {
  return Object.fromEntries((transition?.inputs ?? []).map((arc) => [arc.variable, arc]))
}

function byPlace(transition: Transition | undefined): Readonly<Record<string, readonly OutputArc[]>> {
  const places = new Map<string, OutputArc[]>()
  for (const arc of transition?.outputs ?? []) places.set(arc.to, [...(places.get(arc.to) ?? []), arc])
  return Object.fromEntries(places)
}

function planArc(name: string, before: JsonObject | undefined, after: JsonObject | undefined): ArcPlan[] {
  const own = differences(before ?? {}, after ?? {})
  if (before && after && own.length === 0) return []
  return [{ name, verb: verbOf(before, after), differences: own, ...(before ? { before } : {}), ...(after ? { after } : {}) }]
}

/** Several arcs to one place have no names: equal ones are the same arc, of the rest the first goes with the first. */
function planOutputs(place: string, before: readonly OutputArc[], after: readonly OutputArc[]): ArcPlan[] {
  const left = after.map((arc) => ({ view: outputView(arc), text: canonicalText(outputView(arc)) }))
  const gone: JsonObject[] = []
  for (const arc of before) {
    const at = left.findIndex(({ text }) => text === canonicalText(outputView(arc)))
    if (at >= 0) left.splice(at, 1)
    else gone.push(outputView(arc))
  }
  return Array.from({ length: Math.max(gone.length, left.length) }, (_, at) => planArc(place, gone[at], left[at]?.view)).flat()
}

/** The binding order, where it is not what was there followed by what came. */
function planOrder(before: readonly InputArc[], after: readonly InputArc[]): TransitionPlan['order'] {
  const [old, now] = [before.map((arc) => arc.variable), after.map((arc) => arc.variable)]
  const expected = [...old.filter((variable) => now.includes(variable)), ...now.filter((variable) => !old.includes(variable)).sort()]
  return now.every((variable, at) => variable === expected[at]) ? undefined : { before: old, after: now }
}

function verbOf(before: unknown, after: unknown): Verb {
  return before === undefined ? 'add' : after === undefined ? 'remove' : 'change'
}

/** Both sides of each name, in order of names. */
function pairs<T>(before: Readonly<Record<string, T>> = {}, after: Readonly<Record<string, T>> = {}): [string, T | undefined, T | undefined][] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  const of = (table: Readonly<Record<string, T>>, name: string): T | undefined => (Object.hasOwn(table, name) ? table[name] : undefined)
  return names.map((name) => [name, of(before, name), of(after, name)])
}
