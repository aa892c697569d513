import type { Queryable } from '../database.js'
import { readSettings, type SettingsRow } from './read.js'

const FRESH_MS = 1_000

/** The settings for whoever asks often: read at most once a second, by all who ask at the same time together. */
export class CachedSettings {
  readonly #db: Queryable
  #known: Promise<SettingsRow> | undefined
  #at = 0

  constructor(db: Queryable) {
    this.#db = db
  }

  get(): Promise<SettingsRow> {
    if (this.#known === undefined || performance.now() - this.#at > FRESH_MS) return this.fresh()
    return this.#known
  }

  /** Reads now: after channel `revision` said something, or where a second old is too old. */
  fresh(): Promise<SettingsRow> {
    const reading = readSettings(this.#db)
    this.#known = reading
    this.#at = performance.now()
    reading.catch(() => {
      if (this.#known === reading) this.#known = undefined
    })
    return reading
  }

  /** What is known is asked for again by the next `get`. */
  forget(): void {
    this.#known = undefined
  }
}
