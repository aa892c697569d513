import type { Queryable } from '../store/database.js'
import { effectPlaces, type EffectPlace } from '../store/effects/places.js'

const MOST = 20_000

interface Ref {
  readonly session: string
  readonly firing: number
}

/** Where firings that were leased lately belong, and to whom: what a lease said, or else the database. */
export class Places {
  readonly #known = new Map<string, EffectPlace & { readonly executor: string }>()

  note(executor: string, { session, firing, net, transition }: EffectPlace): void {
    const key = `${session} ${firing}`
    this.#known.delete(key)
    this.#known.set(key, { session, firing, net, transition, executor })
    if (this.#known.size > MOST) this.#known.delete(this.#known.keys().next().value!)
  }

  /** By `session firing`; what an executor does not hold is missing. */
  async of(db: Queryable, executor: string, refs: readonly Ref[]): Promise<ReadonlyMap<string, EffectPlace>> {
    const found = new Map<string, EffectPlace>()
    const unknown = new Map<string, Ref>()
    for (const ref of refs) {
      const key = `${ref.session} ${ref.firing}`
      const known = this.#known.get(key)
      if (known?.executor === executor) found.set(key, known)
      else unknown.set(key, ref)
    }
    if (unknown.size > 0) {
      for (const place of await effectPlaces(db, executor, [...unknown.values()])) {
        this.note(executor, place)
        found.set(`${place.session} ${place.firing}`, place)
      }
    }
    return found
  }
}
