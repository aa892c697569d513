import type { Fault } from '../fault.js'
import type { Position } from '../finding.js'
import { isObject, own, type Json } from '../json.js'
import { API_VERSION } from '../header.js'
import { NAME } from '../scalar.js'
import { AssembledArcs, mismatch } from './assembled-arcs.js'
import { Keeper } from './keeper.js'
import { labelText } from './label-text.js'
import { nodeNames, slug } from './names.js'
import type { Joined } from './resolve.js'
import type { Label, Node, Skeleton } from './skeleton.js'
import { define, textIn, type Table } from './table.js'

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
  private readonly arcs: AssembledArcs

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
    this.arcs = new AssembledArcs({ places: this.places, names: this.names, keeper: this.keeper, spots: this.spots, faults: this.faults })
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
      this.faults.push(mismatch(node.at, ['places', name], `place "${node.id}" shows ${count ?? 0} tokens, and its toolspecific lists ${tokens.length}`))
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
    const inputs = this.arcs.inputs(name, kind, arcs, isObject(hidden) ? hidden : {}, Array.isArray(order) ? order : [])
    const outputs = this.arcs.outputs(name, kind, arcs, isObject(hiddenOut) ? hiddenOut : {})
    define(this.transitions, name, {
      kind,
      ...rest,
      ...this.title(node.name, name, node.own),
      ...(Object.keys(inputs).length > 0 || hidden !== undefined ? { in: inputs } : {}),
      ...(Object.keys(outputs).length > 0 || hiddenOut !== undefined ? { out: outputs } : {}),
    })
  }
}
