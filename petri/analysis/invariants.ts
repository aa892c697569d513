import type { Address } from '../net.js'
import type { Incidence } from './incidence.js'
import { rank } from './rank.js'
import { semiflows } from './semiflows.js'

export interface PlaceInvariants {
  /** dimension of the space of all place invariants, with negative weights too */
  readonly dimension: number
  /** weights of places whose weighted sum of tokens no firing changes: the minimal ones without negative weights */
  readonly semiflows: readonly ReadonlyMap<Address, number>[]
  /** false: there are too many to list; those listed hold */
  readonly complete: boolean
}

export interface TransitionInvariants {
  readonly dimension: number
  /** how often each effect happens in a run that ends where it began; by index of the incidence's effects */
  readonly semiflows: readonly ReadonlyMap<number, number>[]
  readonly complete: boolean
}

/** What stays constant whatever fires. */
export function placeInvariants(incidence: Incidence, most?: number): PlaceInvariants {
  const rows: Map<number, number>[] = incidence.places.map(() => new Map<number, number>())
  for (const [effect, { change }] of incidence.effects.entries()) for (const [place, by] of change) rows[place]!.set(effect, by)
  const { flows, complete } = semiflows(rows, most)
  return {
    dimension: rows.length - rank(rows),
    semiflows: flows.map((flow) => new Map([...flow].sort(([a], [b]) => a - b).map(([place, weight]) => [incidence.places[place]!, weight]))),
    complete,
  }
}

/** Which firings together change nothing. */
export function transitionInvariants(incidence: Incidence, most?: number): TransitionInvariants {
  const rows = incidence.effects.map(({ change }) => change)
  const { flows, complete } = semiflows(rows, most)
  return { dimension: rows.length - rank(rows), semiflows: flows, complete }
}
