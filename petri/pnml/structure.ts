import { nearest } from '../nearest.js'
import { Elements } from './element.js'
import { PNML } from './print-xml.js'
import type { Arc, Label, Node, Page, Reference, Skeleton } from './skeleton.js'
import { attribute, textOf, type Xml } from './xml.js'

const REFUSED_LABELS = new Set(['declaration', 'hlinitialMarking', 'hlinscription', 'condition'])
const PARTS = ['page', 'place', 'transition', 'arc', 'referencePlace', 'referenceTransition', 'name', 'graphics', 'toolspecific']

/** The P/T net of a PNML document as a skeleton; undefined when a fault leaves none. */
export function readStructure(root: Xml): { skeleton: Skeleton | undefined; elements: Elements } {
  const elements = new Elements(root.uri)
  if (root.name !== 'pnml') {
    elements.fault(root.at, 'not-pnml', `the root element is <${root.name}>`, 'a PNML file begins with <pnml>')
    return { skeleton: undefined, elements }
  }
  // one dialect puts the net into a module
  const nets = elements.children(root).flatMap((child) => (child.name === 'module' ? elements.children(child) : [child])).filter((child) => child.name === 'net')
  if (nets.length === 0) elements.fault(root.at, 'not-pnml', 'there is no <net> in it', 'put the net into <net id="..." type="...">')
  for (const net of nets.slice(1)) elements.fault(net.at, 'several-nets', 'the file holds another net', 'put each net into a file of its own')
  const net = nets[0]
  const skeleton = net && isPlaceTransitionNet(elements, net) ? new Reader(elements, net).read() : undefined
  elements.tellKept()
  return { skeleton, elements }
}

function isPlaceTransitionNet(elements: Elements, net: Xml): boolean {
  const type = attribute(net, 'type')
  if (type === undefined) {
    elements.fault(net.at, 'net-type', 'the net names no type', 'it is read as a P/T net', 'info')
    return true
  }
  const last = type.split(/[/#]/).at(-1)!.toLowerCase()
  if (['ptnet', 'ptnetb', 'pt-net', 'p-t net', 'net', 'epnml-1.1', 'pnmlcoremodel'].includes(last)) return true
  elements.fault(net.at, 'net-type', `the net is of type ${type.slice(0, 200)}`, `only P/T nets are read: ${PNML.replace(/pnml$/, 'ptnet')}`)
  return false
}

class Reader {
  private readonly elements: Elements
  private readonly net: Xml
  private readonly ids = new Map<string, Xml['at']>()
  private readonly pages: Page[] = []
  private readonly nodes: Node[] = []
  private readonly references: Reference[] = []
  private readonly arcs: Arc[] = []

  constructor(elements: Elements, net: Xml) {
    this.elements = elements
    this.net = net
  }

  read(): Skeleton {
    const { name, own, xml } = this.container(this.net, undefined)
    const id = attribute(this.net, 'id') ?? ''
    return { id, name, own, xml, pages: this.pages, nodes: this.nodes, references: this.references, arcs: this.arcs, at: this.net.at }
  }

  private container(element: Xml, page: string | undefined) {
    let name: Label | undefined
    let own: Skeleton['own']
    const xml: string[] = []
    for (const child of this.elements.children(element)) {
      if (!this.elements.ours(child)) this.elements.keep(xml, child)
      else if (child.name === 'page') this.page(child, page)
      else if (child.name === 'place' || child.name === 'transition') this.node(child, child.name, page)
      else if (child.name === 'referencePlace' || child.name === 'referenceTransition') this.reference(child, page)
      else if (child.name === 'arc') this.arc(child, page)
      else if (child.name === 'name') name = this.elements.name(child)
      else if (child.name === 'net') this.elements.fault(child.at, 'several-nets', 'a page holds a net of its own', 'put the sub-process into a file of its own')
      else if (!this.refused(child)) {
        const ours = this.elements.own(child)
        if (ours === 'foreign') this.elements.keep(xml, child)
        else own = ours
      }
    }
    return { name, own, xml }
  }

  /** Elements that would be lost: they look like parts of a net, and this reader does not know them. */
  private refused(child: Xml): boolean {
    if (REFUSED_LABELS.has(child.name)) {
      this.elements.fault(child.at, 'net-type', `<${child.name}> belongs to a high-level net`, 'only P/T nets are read: unfold it first')
      return true
    }
    const ends = attribute(child, 'id') ?? attribute(child, 'source')
    if (ends === undefined || child.name === 'toolspecific') return false
    const near = nearest(child.name, PARTS)
    this.elements.fault(child.at, 'unknown-element', `<${child.name}> is no element of a P/T net`, near ? `did you mean <${near}>?` : 'take it out, or write it as places, transitions and arcs')
    return true
  }

  private unique(element: Xml): string | undefined {
    const id = this.elements.id(element)
    const before = id === undefined ? undefined : this.ids.get(id)
    if (before) this.elements.fault(element.at, 'duplicate-id', `the id "${id}" stands at line ${before.line}, column ${before.column} already`, 'give each element an id of its own')
    else if (id !== undefined) this.ids.set(id, element.at)
    return before ? undefined : id
  }

  private page(element: Xml, within: string | undefined): void {
    const id = this.unique(element)
    if (id === undefined) return
    const at = this.pages.length
    this.pages.push({ id, in: within, name: undefined, xml: [] })
    const { name, xml } = this.container(element, id)
    this.pages[at] = { id, in: within, name, xml }
  }

  private node(element: Xml, kind: Node['kind'], page: string | undefined): void {
    const id = this.unique(element)
    if (id === undefined) return
    const { name, own, xml, rest } = this.parts(element)
    const { position, graphics } = this.drawing(element)
    let marking: Node['marking']
    for (const child of rest) {
      if (child.name === 'initialMarking' && kind === 'place') marking = this.elements.count(child, 0, `place "${id}"`)
      else if (!this.refusedLabel(child)) this.elements.keep(xml, child)
    }
    this.nodes.push({ kind, id, page, name, position, graphics, marking, own, xml, at: element.at })
  }

  private refusedLabel(child: Xml): boolean {
    if (!REFUSED_LABELS.has(child.name)) return false
    return this.refused(child)
  }

  private reference(element: Xml, page: string | undefined): void {
    const id = this.unique(element)
    if (id === undefined) return
    const ref = attribute(element, 'ref')
    if (ref === undefined) this.elements.fault(element.at, 'dangling-reference', `the reference "${id}" names no node`, 'add ref="..."')
    const { name, xml, rest } = this.parts(element)
    for (const child of rest) this.elements.keep(xml, child)
    const graphics = this.all(element)
    this.references.push({ kind: element.name === 'referencePlace' ? 'place' : 'transition', id, ref: ref ?? '', page, name, graphics, xml, at: element.at })
  }

  private arc(element: Xml, page: string | undefined): void {
    const id = this.unique(element)
    const [source, target] = [attribute(element, 'source'), attribute(element, 'target')]
    if (source === undefined || target === undefined) this.elements.fault(element.at, 'dangling-arc', `the arc "${id ?? ''}" has no ${source === undefined ? 'source' : 'target'}`, 'add it')
    if (id === undefined || source === undefined || target === undefined) return
    const { name, own, xml, rest } = this.parts(element)
    let weight: { count: number; extra: string[] } | undefined = { count: 1, extra: [] }
    let type = attribute(element, 'type') ?? 'normal'
    for (const child of rest) {
      if (child.name === 'inscription') weight = this.elements.count(child, 1, `arc "${id}"`)
      else if (child.name === 'type' || child.name === 'arctype') {
        type = attribute(child, 'value') ?? this.elements.label(child).text ?? textOf(child)
        if (/^normal$/i.test(type.trim())) this.elements.keep(xml, child)
      } else if (!this.refusedLabel(child)) this.elements.keep(xml, child)
    }
    const inhibitor = /^(tapn)?inhibitor$/i.test(type.trim())
    const known = inhibitor || /^(normal|arc|)$/i.test(type.trim())
    if (!known) this.elements.fault(element.at, 'arc-type', `the arc "${id}" is of type "${type.trim().slice(0, 40)}"`, 'only plain and inhibitor arcs are read')
    if (inhibitor && weight && weight.count > 1) this.elements.fault(element.at, 'arc-type', `the inhibitor arc "${id}" has weight ${weight.count}`, 'only weight 1 can be said')
    if (!weight || !known) return
    this.arcs.push({ id, source, target, page, weight: weight.count, inhibitor, name, inscription: weight.extra, graphics: this.all(element), own, xml, at: element.at })
  }

  private parts(element: Xml) {
    let name: Label | undefined
    let own: Skeleton['own']
    const xml: string[] = []
    const rest: Xml[] = []
    for (const child of this.elements.children(element)) {
      const ours = this.elements.own(child)
      if (ours !== 'foreign') own = ours
      else if (child.name === 'name' && this.elements.ours(child)) name = this.elements.name(child)
      else if (child.name === 'graphics' && this.elements.ours(child)) continue
      else if (child.name === 'toolspecific' || !this.elements.ours(child)) this.elements.keep(xml, child)
      else rest.push(child)
    }
    return { name, own, xml, rest }
  }

  private all(element: Xml): string[] {
    const graphics = this.elements.child(element, 'graphics')
    return graphics ? this.elements.children(graphics).map((child) => this.elements.print(child)) : []
  }

  private drawing(element: Xml) {
    const graphics = this.elements.child(element, 'graphics')
    const drawn = graphics ? this.elements.children(graphics) : []
    const at = drawn.find((child) => child.name === 'position' && this.elements.ours(child))
    const [x, y] = [Number(at && (attribute(at, 'x') ?? NaN)), Number(at && (attribute(at, 'y') ?? NaN))]
    const exact = [x, y].every((n) => Number.isFinite(n) && !String(n).includes('e'))
    const position: readonly [number, number] | undefined = at && exact ? [x + 0, y + 0] : undefined
    return { position, graphics: drawn.filter((child) => child !== at || !position).map((child) => this.elements.print(child)) }
  }
}
