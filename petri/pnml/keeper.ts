import type { ForeignArc, ForeignNode, ForeignPnml } from './foreign.js'
import type { Joined } from './resolve.js'
import type { Label, Node, Skeleton } from './skeleton.js'

export const DEFAULT_PAGE = 'page.1'

/** Gathers what a file says that is no part of the net: ids, pages, labels' graphics, other tools' elements. */
export class Keeper {
  private readonly skeleton: Skeleton
  private readonly names: ReadonlyMap<string, string>
  private readonly arcs = new Map<string, { entry: ForeignArc; expected: string }[]>()

  constructor(skeleton: Skeleton, names: ReadonlyMap<string, string>) {
    this.skeleton = skeleton
    this.names = names
  }

  /** An arc in the order in which the writer draws those of its pair; `expected` is the id it would have from us. */
  arc(pair: string, { arc, source, target }: Joined, expected: string, weight?: number): void {
    const entry: ForeignArc = {
      id: arc.id,
      ...(weight === undefined ? {} : { weight }),
      ...this.page(arc.page),
      ...(source === undefined ? {} : { source }),
      ...(target === undefined ? {} : { target }),
      ...(arc.name ? { title: arc.name.text } : {}),
      ...some('name', arc.name?.extra),
      ...some('graphics', arc.graphics),
      ...some('inscription', arc.inscription),
      ...some('xml', arc.xml),
    }
    const list = this.arcs.get(pair)
    if (list) list.push({ entry, expected })
    else this.arcs.set(pair, [{ entry, expected }])
  }

  foreign(net: string): ForeignPnml | undefined {
    const { id, name, xml, pages, references } = this.skeleton
    const only = pages.length === 1 && pages[0]!.id === DEFAULT_PAGE && !pages[0]!.name && pages[0]!.xml.length === 0
    const arcs = [...this.arcs].filter(([, list]) => list.some(({ entry, expected }) => entry.id !== expected || Object.keys(entry).length > 1))
    const foreign: ForeignPnml = {
      ...(id === `net.${net}` || id === '' ? {} : { id }),
      ...(name ? {} : { nameless: true as const }),
      ...some('name', name?.extra),
      ...some('xml', xml),
      ...(only || pages.length === 0 ? {} : { pages: pages.map((page) => ({ id: page.id, ...(page.in === undefined ? {} : { in: page.in }), ...labelled(page.name), ...some('xml', page.xml) })) }),
      ...(references.length === 0 ? {} : {
        references: references.map((reference) => ({
          id: reference.id, ref: reference.ref, kind: reference.kind, ...this.page(reference.page), ...labelled(reference.name), ...some('graphics', reference.graphics), ...some('xml', reference.xml),
        })),
      }),
      ...this.nodes('places', 'place'),
      ...this.nodes('transitions', 'transition'),
      ...(arcs.length === 0 ? {} : { arcs: Object.fromEntries(arcs.map(([pair, list]) => [pair, list.map(({ entry }) => entry)])) }),
    }
    return Object.keys(foreign).length === 0 ? undefined : foreign
  }

  private nodes<K extends string>(key: K, kind: Node['kind']): { [P in K]?: Record<string, ForeignNode> } {
    const entries = this.skeleton.nodes.filter((node) => node.kind === kind).map((node): [string, ForeignNode] => {
      const name = this.names.get(node.id)!
      return [name, {
        ...(node.id === name ? {} : { id: node.id }),
        ...this.page(node.page),
        ...(node.name ? {} : { nameless: true as const }),
        ...some('name', node.name?.extra),
        ...some('graphics', node.graphics),
        ...some('marking', node.marking?.extra),
        ...some('xml', node.xml),
      }]
    }).filter(([, entry]) => Object.keys(entry).length > 0)
    return (entries.length === 0 ? {} : { [key]: Object.fromEntries(entries) }) as { [P in K]?: Record<string, ForeignNode> }
  }

  private page(page: string | undefined): { page?: string } {
    return page === undefined || page === this.skeleton.pages[0]?.id ? {} : { page }
  }
}

function labelled(label: Label | undefined): { title?: string; name?: string[] } {
  return label ? { title: label.text, ...some('name', label.extra) } : {}
}

function some<K extends string>(key: K, fragments: readonly string[] | undefined): { [P in K]?: string[] } {
  return (fragments && fragments.length > 0 ? { [key]: [...fragments] } : {}) as { [P in K]?: string[] }
}
