import type { TransitionFile } from '../inscription.js'
import type { Json, JsonObject } from '../json.js'
import type { NetFile, PlaceFile } from '../language.js'
import { DrawnArcs } from './drawn-arcs.js'
import type { ForeignNode, ForeignPnml } from './foreign.js'
import { Ids } from './ids.js'
import { DEFAULT_PAGE } from './keeper.js'
import { fragments, labelled } from './fragments.js'
import { labelText } from './label-text.js'
import type { Label, Node, Page, Reference, Skeleton } from './skeleton.js'

const NOWHERE = { line: 1, column: 1 }

/** The skeleton that shows a net, with our JSON wherever the standard's elements do not say it all. */
export class Drawing {
  private readonly net: NetFile
  private readonly foreign: ForeignPnml
  private readonly pages: readonly Page[]
  private readonly ids: Ids

  constructor(net: NetFile) {
    this.net = net
    this.foreign = net.foreign?.pnml ?? {}
    this.pages = pagesOf(this.foreign.pages ?? [])
    this.ids = new Ids(net, this.pages)
  }

  skeleton(): Skeleton {
    const { net, foreign } = this
    const places = Object.entries(net.places ?? {}).map(([name, place]) => this.place(name, place))
    const arcs = new DrawnArcs(net, this.ids, (page) => this.page(page))
    const transitions = Object.entries(net.transitions ?? {}).map(([name, transition]) => this.transition(name, transition, arcs.of(name, transition)))
    const { label, own } = this.head()
    return {
      id: this.ids.net,
      name: label,
      own,
      xml: fragments(foreign.xml, 'net'),
      pages: this.pages,
      nodes: [...places, ...transitions],
      references: this.references(),
      arcs: arcs.drawn,
      at: NOWHERE,
    }
  }

  private head(): { label: Label | undefined; own: JsonObject | undefined } {
    const { apiVersion: _, kind: __, metadata, places, transitions, layout, foreign: ___, ...rest } = this.net
    const { name, title, ...described } = metadata
    const label = title === undefined && this.foreign.nameless ? undefined : { text: labelText(title ?? name), extra: fragments(this.foreign.name) }
    const more = { ...titled(label, name, title), ...described }
    const drawn = new Set([...Object.keys(places ?? {}), ...Object.keys(transitions ?? {})])
    const elsewhere = Object.entries(layout ?? {}).filter(([node]) => !drawn.has(node))
    const own: Record<string, Json> = {
      ...(this.ids.net === `net.${name}` ? {} : { name }),
      ...(Object.keys(more).length === 0 ? {} : { metadata: more }),
      ...(rest as JsonObject),
      ...(places && Object.keys(places).length === 0 ? { places: {} } : {}),
      ...(transitions && Object.keys(transitions).length === 0 ? { transitions: {} } : {}),
      ...(layout && (elsewhere.length > 0 || Object.keys(layout).length === 0) ? { layout: Object.fromEntries(elsewhere) } : {}),
    }
    return { label, own: some(own) }
  }

  private place(name: string, place: PlaceFile): Node {
    const kept = entry(this.foreign.places, name)
    const { title, tokens, ...rest } = place
    const node = this.node('place', name, title, kept)
    const marking = typeof tokens === 'number' ? { count: tokens } : tokens && tokens.length > 0 ? { count: tokens.length } : undefined
    const plain = Object.keys(rest).length === 1 && rest.category === 'task'
    const own = { ...this.ids.said(name), ...(plain ? {} : (rest as JsonObject)), ...(Array.isArray(tokens) ? { tokens: tokens as Json } : {}), ...titled(node.name, name, title) }
    return { ...node, marking: marking && { ...marking, extra: fragments(kept?.marking) }, own: some(own) }
  }

  private transition(name: string, transition: TransitionFile, arcs: JsonObject): Node {
    const { title, kind, in: _, out: __, ...rest } = transition
    const node = this.node('transition', name, title, entry(this.foreign.transitions, name))
    const said = { ...this.ids.said(name), ...(rest as JsonObject), ...arcs, ...titled(node.name, name, title) }
    return { ...node, own: some(kind === 'pass' ? said : { kind, ...said }) }
  }

  private node(kind: Node['kind'], name: string, title: string | undefined, kept: ForeignNode | undefined): Node {
    const label = title === undefined && kept?.nameless ? undefined : { text: labelText(title ?? name), extra: fragments(kept?.name) }
    const position = this.net.layout && Object.hasOwn(this.net.layout, name) ? this.net.layout[name] : undefined
    const graphics = fragments(kept?.graphics)
    return { kind, id: this.ids.node(name), page: this.page(kept?.page), name: label, position, graphics, marking: undefined, own: undefined, xml: fragments(kept?.xml, 'part'), at: NOWHERE }
  }

  private references(): Reference[] {
    return [...new Map((this.foreign.references ?? []).map((reference) => [reference.id, reference])).values()].filter(({ id }) => this.ids.reference(id)).map((reference) => ({
      kind: reference.kind, id: reference.id, ref: reference.ref, page: this.page(reference.page), name: labelled(reference), graphics: fragments(reference.graphics), xml: fragments(reference.xml, 'part'), at: NOWHERE,
    }))
  }

  /** The page of that id, or the first one. */
  private page(id: string | undefined): string {
    return this.pages.find((page) => page.id === id)?.id ?? this.pages[0]!.id
  }
}

/** Each page once, and within another only where that leads to the top: a page that is nowhere would take its nodes with it. */
function pagesOf(kept: NonNullable<ForeignPnml['pages']>): readonly Page[] {
  if (kept.length === 0) return [{ id: DEFAULT_PAGE, in: undefined, name: undefined, xml: [] }]
  const within = new Map<string, string | undefined>()
  for (const page of kept) {
    // the reader lists a page after the one around it
    if (!within.has(page.id)) within.set(page.id, page.in !== undefined && within.has(page.in) ? page.in : undefined)
  }
  return [...within].map(([id, around]) => {
    const page = kept.find((one) => one.id === id)!
    return { id, in: around, name: labelled(page), xml: fragments(page.xml, 'net') }
  })
}

/** The title in our JSON, where the label does not say it. */
function titled(label: Label | undefined, name: string, title: string | undefined): { title?: string } {
  const read = label && label.text !== name ? label.text : undefined
  return title === undefined || read === title ? {} : { title }
}

function entry<T>(table: Record<string, T> | undefined, name: string): T | undefined {
  return table && Object.hasOwn(table, name) ? table[name] : undefined
}

function some(own: JsonObject): JsonObject | undefined {
  return Object.keys(own).length === 0 ? undefined : own
}
