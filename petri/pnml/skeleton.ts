import type { Position } from '../finding.js'
import type { JsonObject } from '../json.js'

/** A PNML file as data, before it is the language's: what the standard says, our JSON, and what only other tools know. */
export interface Skeleton {
  readonly id: string
  readonly name: Label | undefined
  readonly own: JsonObject | undefined
  readonly xml: readonly string[]
  readonly pages: readonly Page[]
  readonly nodes: readonly Node[]
  readonly references: readonly Reference[]
  readonly arcs: readonly Arc[]
  readonly at: Position
}

/** `extra`: graphics and toolspecific of the label itself. */
export interface Label {
  readonly text: string
  readonly extra: readonly string[]
}

export interface Page {
  readonly id: string
  readonly in: string | undefined
  readonly name: Label | undefined
  readonly xml: readonly string[]
}

export interface Node {
  readonly kind: 'place' | 'transition'
  readonly id: string
  readonly page: string | undefined
  readonly name: Label | undefined
  readonly position: readonly [number, number] | undefined
  /** the rest of its graphics */
  readonly graphics: readonly string[]
  readonly marking: { readonly count: number; readonly extra: readonly string[] } | undefined
  readonly own: JsonObject | undefined
  readonly xml: readonly string[]
  readonly at: Position
}

/** Another name for a node, on another page. */
export interface Reference {
  readonly kind: 'place' | 'transition'
  readonly id: string
  readonly ref: string
  readonly page: string | undefined
  readonly name: Label | undefined
  readonly graphics: readonly string[]
  readonly xml: readonly string[]
  readonly at: Position
}

export interface Arc {
  readonly id: string
  readonly source: string
  readonly target: string
  readonly page: string | undefined
  readonly weight: number
  readonly inhibitor: boolean
  readonly name: Label | undefined
  readonly inscription: readonly string[]
  readonly graphics: readonly string[]
  readonly own: JsonObject | undefined
  readonly xml: readonly string[]
  readonly at: Position
}
