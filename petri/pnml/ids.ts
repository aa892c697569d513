import type { NetFile } from '../language.js'
import { NAME } from '../scalar.js'
import type { ForeignPnml } from './foreign.js'
import { slug } from './names.js'
import type { Page } from './skeleton.js'

const NONE: ReadonlySet<string> = new Set()

/** The ids of a file: each once, foreign ones as they were, ours from the names. */
export class Ids {
  readonly net: string
  private readonly taken = new Set<string>()
  private readonly nodes = new Map<string, string>()
  /** reference node -> the node it stands for */
  private readonly references: ReadonlyMap<string, string>
  /** ids of foreign arcs, drawn or not yet */
  private readonly kept: ReadonlySet<string>

  constructor(net: NetFile, pages: readonly Page[]) {
    const foreign = net.foreign?.pnml ?? {}
    for (const page of pages) this.take(page.id)
    const names = [...Object.keys(net.places ?? {}), ...Object.keys(net.transitions ?? {})]
    const kept = new Map([...Object.entries(foreign.places ?? {}), ...Object.entries(foreign.transitions ?? {})].map(([name, { id }]) => [name, id]))
    for (const name of names) {
      const id = kept.get(name)
      if (id !== undefined && !this.taken.has(id)) this.nodes.set(name, this.take(id))
    }
    for (const name of names) if (!this.nodes.has(name)) this.nodes.set(name, this.take(name))
    this.references = this.resolved(net, foreign.references ?? [])
    for (const id of this.references.keys()) this.take(id)
    this.kept = new Set(Object.values(foreign.arcs ?? {}).flatMap((list) => list.map(({ id }) => id)))
    this.net = this.take(foreign.id ?? `net.${net.metadata.name}`, this.kept)
  }

  /** The id of an arc: the kept one where it is still free. */
  arc(kept: string | undefined, ours: string): string {
    return kept !== undefined && !this.taken.has(kept) ? this.take(kept) : this.take(ours, this.kept)
  }

  /** This id if it is free, else the first free one that begins with it. */
  private take(wanted: string, reserved: ReadonlySet<string> = NONE): string {
    let id = wanted
    for (let n = 2; this.taken.has(id) || reserved.has(id); n++) id = `${wanted}.${n}`
    this.taken.add(id)
    return id
  }

  node(name: string): string {
    return this.nodes.get(name)!
  }

  /** Whether the reference node leads to a node that is there, or to this one. */
  reference(id: string, node?: string): boolean {
    const end = this.references.get(id)
    return end !== undefined && (node === undefined || end === node)
  }

  /** The name in our JSON, where a reader would not take it from the id. */
  said(name: string): { name?: string } {
    const id = this.node(name)
    return id === name || (!NAME.test(id) && slug(id) === name && !this.taken.has(name)) ? {} : { name }
  }

  /** A reference may stand for another one. Those whose id is taken, or whose node is gone or of the other sort, are left out. */
  private resolved(net: NetFile, references: NonNullable<ForeignPnml['references']>): ReadonlyMap<string, string> {
    const places = new Set(Object.keys(net.places ?? {}).map((name) => this.node(name)))
    const transitions = new Set(Object.keys(net.transitions ?? {}).map((name) => this.node(name)))
    const ends = new Map<string, string>()
    const byId = new Map(references.map((reference) => [reference.id, reference]))
    for (const { id } of references) {
      const seen = new Set<string>()
      let here = id
      for (let next = byId.get(here); next && !seen.has(here) && !this.taken.has(here) && !ends.has(here); next = byId.get(here)) {
        seen.add(here)
        here = next.ref
      }
      const end = ends.get(here) ?? here
      const same = places.has(end) ? 'place' : transitions.has(end) ? 'transition' : undefined
      // backwards from the end: what stands for a reference that is left out is left out too
      for (const one of [...seen].reverse()) {
        if (byId.get(one)?.kind !== same) break
        ends.set(one, end)
      }
    }
    return ends
  }
}
