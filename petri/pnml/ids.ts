import type { NetFile } from '../language.js'
import { NAME } from '../scalar.js'
import { slug } from './names.js'
import type { Page } from './skeleton.js'

const NONE: ReadonlySet<string> = new Set()

/** The ids of a file: each once, foreign ones as they were, ours from the names. */
export class Ids {
  readonly net: string
  private readonly taken = new Set<string>()
  private readonly nodes = new Map<string, string>()
  private readonly references: ReadonlySet<string>
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
    const known = new Set(this.nodes.values())
    // a reference may stand for another one; those whose node is gone go too
    let left = (foreign.references ?? []).filter(({ id }) => !this.taken.has(id))
    for (let found = true; found;) {
      const next = left.filter(({ ref }) => !known.has(ref))
      found = next.length < left.length
      for (const { id, ref } of left) if (known.has(ref)) known.add(id)
      left = next
    }
    this.references = new Set((foreign.references ?? []).map(({ id }) => id).filter((id) => known.has(id) && !this.taken.has(id)))
    for (const id of this.references) this.take(id)
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

  reference(id: string): boolean {
    return this.references.has(id)
  }

  /** The name in our JSON, where a reader would not take it from the id. */
  said(name: string): { name?: string } {
    const id = this.node(name)
    return id === name || (!NAME.test(id) && slug(id) === name && !this.taken.has(name)) ? {} : { name }
  }
}
