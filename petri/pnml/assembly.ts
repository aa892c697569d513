import type { Fault } from '../fault.js'
import type { Position } from '../finding.js'
import type { InputFile, OutputFile } from '../inscription.js'
import { isObject, own, type Json, type JsonObject } from '../json.js'
import { API_VERSION } from '../language.js'
import { NAME } from '../scalar.js'
import { drawnInput, joined as joinedInput, outputWeight, plainOutput, readsBy } from './arcs.js'
import { Keeper } from './keeper.js'
import { labelText } from './label-text.js'
import { nodeNames, slug, variableFor } from './names.js'
import type { Joined } from './resolve.js'
import type { Arc, Label, Node, Skeleton } from './skeleton.js'

type Table = Record<string, Json>
/** Most tokens that one firing may carry, and most that the plain arcs of a file may put together. */
const MAX_WEIGHT = 10_000
const MAX_WEIGHTS = 200_000

/** A net of the language put together from a skeleton; faults where our JSON and the drawing disagree. */
export class Assembly {
  readonly faults: Fault[] = []
  readonly name: string
  private readonly skeleton: Skeleton
  private readonly joined: readonly Joined[]
  private readonly names = new Map<string, string>()
  private readonly spots = new Map<string, Position>()
  private readonly places: Table = {}
  private readonly transitions: Table = {}
  private readonly layout: Table = {}
  private readonly keeper: Keeper
  private weights = 0

  constructor(file: string, skeleton: Skeleton, joined: readonly Joined[]) {
    this.skeleton = skeleton
    this.joined = joined
    const said = skeleton.own && own(skeleton.own, 'name')
    const inId = /^net\.(.+)$/.exec(skeleton.id)?.[1]
    const base = file.split('/').at(-1)!.replace(/\.(pnml|xml)$/i, '')
    this.name = typeof said === 'string' ? said : inId !== undefined && NAME.test(inId) ? inId : NAME.test(base) ? base : slug(base)
    const names = nodeNames(skeleton.nodes.map((node) => ({ id: node.id, said: textIn(node.own, 'name') })))
    skeleton.nodes.forEach((node, index) => this.names.set(node.id, names[index]!))
    this.keeper = new Keeper(skeleton, this.names)
  }

  position(path: readonly (string | number)[]): Position {
    for (let length = path.length; length > 0; length--) {
      const spot = this.spots.get(path.slice(0, length).join('\0'))
      if (spot) return spot
    }
    return this.skeleton.at
  }

  value(): Json {
    const { skeleton } = this
    const { name: _, metadata: more, ...rest } = { metadata: {}, ...skeleton.own } as Table
    const { title: __, ...described } = (isObject(more) ? more : {}) as Table
    const metadata: Table = { name: this.name, ...this.title(skeleton.name, this.name, more), ...described }
    for (const node of skeleton.nodes) if (node.kind === 'place') this.place(node)
    const arcs = this.byTransition()
    for (const node of skeleton.nodes) if (node.kind === 'transition') this.transition(node, arcs.get(node.id) ?? [])
    const foreign = this.keeper.foreign(this.name)
    const has = (kind: Node['kind']): boolean => skeleton.nodes.some((node) => node.kind === kind)
    // tables that our JSON says are there though empty
    const { places, transitions, layout, ...above } = rest
    return {
      apiVersion: API_VERSION,
      kind: 'Net',
      metadata,
      ...above,
      ...(has('place') || places !== undefined ? { places: this.places } : {}),
      ...(has('transition') || transitions !== undefined ? { transitions: this.transitions } : {}),
      ...(Object.keys(this.layout).length > 0 || layout !== undefined ? { layout: { ...this.layout, ...(isObject(layout) ? layout : {}) } } : {}),
      ...(foreign === undefined ? {} : { foreign: { pnml: foreign as Json } }),
    }
  }

  private spot(path: readonly string[], at: Position): void {
    this.spots.set(path.join('\0'), at)
  }

  private mismatch(at: Position, path: readonly string[], message: string): void {
    this.faults.push({ code: 'pnml-mismatch', message, remedy: 'change both alike, or take our toolspecific out of the element', path, at })
  }

  /** The title that a label says, where it is not just the name; our JSON has it where a label cannot carry it. */
  private title(label: Label | undefined, name: string, said: Json | undefined): Table {
    const exact = textIn(isObject(said) ? said : undefined, 'title')
    if (!label) return exact === undefined ? {} : { title: exact }
    if (exact !== undefined && (label.text === exact || label.text === labelText(exact))) return { title: exact }
    return label.text === name ? {} : { title: label.text }
  }

  private drawn(node: Node, name: string): void {
    if (node.position) this.layout[name] = node.position
  }

  private place(node: Node): void {
    const name = this.names.get(node.id)!
    this.spot(['places', name], node.at)
    this.drawn(node, name)
    const { name: _, title: __, tokens, ...rest } = (node.own ?? {}) as Table
    const count = node.marking?.count
    const place: Table = own(rest, 'category') === undefined && own(rest, 'shares') === undefined ? { category: 'task', ...rest } : rest
    if (Array.isArray(tokens) && tokens.length !== (count ?? 0)) {
      this.mismatch(node.at, ['places', name], `place "${node.id}" shows ${count ?? 0} tokens, and its toolspecific lists ${tokens.length}`)
    }
    define(this.places, name, { ...place, ...(tokens !== undefined ? { tokens } : count !== undefined ? { tokens: count } : {}), ...this.title(node.name, name, node.own) })
  }

  private byTransition(): Map<string, Joined[]> {
    const arcs = new Map<string, Joined[]>()
    for (const joined of this.joined) {
      const id = joined.from.kind === 'transition' ? joined.from.id : joined.to.id
      const list = arcs.get(id)
      if (list) list.push(joined)
      else arcs.set(id, [joined])
    }
    return arcs
  }

  private transition(node: Node, arcs: readonly Joined[]): void {
    const name = this.names.get(node.id)!
    const path = ['transitions', name]
    this.spot(path, node.at)
    this.drawn(node, name)
    const { name: _, title: __, in: hidden, out: hiddenOut, order, ...rest } = (node.own ?? {}) as Table
    const kind = textIn(rest, 'kind') ?? 'pass'
    const inputs = this.inputs(name, kind, arcs, isObject(hidden) ? hidden : {}, Array.isArray(order) ? order : [])
    const outputs = this.outputs(name, arcs, isObject(hiddenOut) ? hiddenOut : {})
    define(this.transitions, name, {
      kind,
      ...rest,
      ...this.title(node.name, name, node.own),
      ...(Object.keys(inputs).length > 0 || hidden !== undefined ? { in: inputs } : {}),
      ...(Object.keys(outputs).length > 0 || hiddenOut !== undefined ? { out: outputs } : {}),
    })
  }

  private inputs(transition: string, kind: string, arcs: readonly Joined[], hidden: JsonObject, order: readonly Json[]): Table {
    const ins = arcs.filter(({ from }) => from.kind === 'place')
    const taken = new Set([...ins.flatMap(({ arc }) => textIn(arc.own, 'variable') ?? []), ...Object.keys(hidden)])
    const found = new Map<string, Json>()
    const backs = new Map(arcs.flatMap((joined) => (textIn(joined.arc.own, 'back') === undefined ? [] : [[textIn(joined.arc.own, 'back')!, joined]])))
    const shown = new Map<string, { joined: Joined; back: Joined | undefined; place: string }>()
    for (const arc_ of ins) {
      const { arc, from } = arc_
      const place = this.names.get(from.id)!
      const variable = textIn(arc.own, 'variable') ?? variableFor(place, taken)
      const path = ['transitions', transition, 'in', variable]
      this.spot(path, arc.at)
      if (arc.weight > MAX_WEIGHT) this.fault(arc.at, path, arc.weight)
      const with_ = arc.own && own(arc.own, 'with')
      if (with_ !== undefined && isObject(with_) && own(with_, 'take') !== undefined && arc.weight !== 1) this.mismatch(arc.at, path, `arc "${arc.id}" has weight ${arc.weight}, and its toolspecific says how many it takes`)
      if (found.has(variable)) this.mismatch(arc.at, path, `two arcs of transition "${transition}" say variable "${variable}"`)
      const input = arc.inhibitor ? { from: place, mode: 'inhibit' } : joinedInput(place, arc.weight, this.with(arc, place))
      found.set(variable, input)
      const drawn = drawnInput({ places: this.places as never }, { kind: kind as never }, variable, input as InputFile)
      const back = backs.get(variable)
      backs.delete(variable)
      if (drawn) shown.set(variable, { joined: arc_, back, place })
      if (drawn?.read && !arc.inhibitor && back?.arc.weight !== arc.weight) this.mismatch(arc.at, path, `arc "${arc.id}" reads, and ${back ? 'the arc back has another weight' : 'there is no arc back'}`)
      if (!drawn?.read && back) this.mismatch(back.arc.at, path, `arc "${back.arc.id}" gives back what arc "${arc.id}" does not read`)
    }
    for (const [variable, { arc }] of backs) this.mismatch(arc.at, ['transitions', transition], `arc "${arc.id}" gives "${variable}" back, and no arc takes it`)
    for (const [variable, input] of Object.entries(hidden)) found.set(variable, input)
    const inputs: Table = {}
    for (const variable of [...order.map(String), ...found.keys()]) if (found.has(variable)) define(inputs, variable, found.get(variable)!)
    for (const variable of Object.keys(inputs)) {
      const { joined, back, place } = shown.get(variable) ?? {}
      if (joined) this.keeper.arc(`${place} > ${transition}`, joined, `in.${transition}.${variable}`)
      if (back) this.keeper.arc(`${transition} > ${place}`, back, `back.${transition}.${variable}`)
    }
    return inputs
  }

  /** What stands beside an arc. A bare arc takes what it shows, also from a place that is read unless it says so. */
  private with(arc: Arc, place: string): Table | undefined {
    if (arc.own) return own(arc.own, 'with') as Table | undefined
    const category = isObject(this.places[place]) ? textIn(this.places[place], 'category') : undefined
    return readsBy(undefined, category) ? { mode: 'consume' } : undefined
  }

  private outputs(transition: string, arcs: readonly Joined[], hidden: JsonObject): Table {
    const outputs: Table = {}
    const outs = new Map<string, Joined[]>()
    for (const joined of arcs) {
      const { arc, to } = joined
      if (to.kind !== 'place' || textIn(arc.own, 'back') !== undefined) continue
      const place = this.names.get(to.id)!
      const path = ['transitions', transition, 'out', place]
      this.spot(path, arc.at)
      const said = arc.own && own(arc.own, 'out')
      if (said !== undefined && shows(said) !== arc.weight) this.mismatch(arc.at, path, `arc "${arc.id}" has weight ${arc.weight}, and its toolspecific shows ${shows(said)}`)
      this.weights += arc.weight
      if (arc.weight > MAX_WEIGHT || this.weights > MAX_WEIGHTS) {
        this.fault(arc.at, path, arc.weight)
        continue
      }
      const output = said ?? (plainOutput(arc.weight) as Json)
      const before = own(outputs, place)
      define(outputs, place, before === undefined ? output : [before, output].flat())
      outs.set(place, [...(outs.get(place) ?? []), joined])
    }
    for (const [place, list] of outs) {
      for (const joined of list) this.keeper.arc(`${transition} > ${place}`, joined, `out.${transition}.${place}`, list.length > 1 ? joined.arc.weight : undefined)
    }
    for (const [place, output] of Object.entries(hidden)) define(outputs, place, output)
    return outputs
  }

  private fault(at: Position, path: readonly string[], weight: number): void {
    this.faults.push({ code: 'too-large', message: `an arc of weight ${weight}: a firing carries at most ${MAX_WEIGHT} tokens, and the arcs of a file put at most ${MAX_WEIGHTS}`, remedy: 'scale the net down', path, at })
  }
}

function textIn(object: JsonObject | undefined, key: string): string | undefined {
  const value = object && own(object, key)
  return typeof value === 'string' ? value : undefined
}

function shows(output: Json): number {
  return isObject(output) || (Array.isArray(output) && output.every(isObject)) ? outputWeight(output as OutputFile) : 1
}

/** A name may be `__proto__`: it becomes a key like every other. */
function define(table: Table, key: string, value: Json): void {
  Object.defineProperty(table, key, { value, enumerable: true, writable: true, configurable: true })
}

