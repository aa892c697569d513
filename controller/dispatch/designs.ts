import { declaredBudgets, type DeclaredBudgets } from '../store/budgets/declared.js'
import type { Queryable } from '../store/database.js'
import { CachedSettings } from '../store/settings/cached.js'

const FRESH_MS = 1_000
const MOST = 1_000

/** What the applied commit says of money and models, as old as a second at most, newer after `forget`. */
export class Designs {
  readonly settings: CachedSettings
  readonly #db: Queryable
  readonly #known = new Map<string, { readonly at: number; readonly declared: DeclaredBudgets | undefined }>()

  constructor(db: Queryable) {
    this.#db = db
    this.settings = new CachedSettings(db)
  }

  async budgets(sessions: Iterable<string>): Promise<ReadonlyMap<string, DeclaredBudgets | undefined>> {
    const wanted = [...new Set(sessions)]
    const now = performance.now()
    const found = new Map<string, DeclaredBudgets | undefined>()
    for (const session of wanted) {
      const known = this.#known.get(session)
      if (known !== undefined && now - known.at < FRESH_MS) found.set(session, known.declared)
    }
    const stale = wanted.filter((session) => !found.has(session))
    if (stale.length === 0) return found
    const read = new Map((await declaredBudgets(this.#db, stale)).map((row) => [row.session, row]))
    for (const session of stale) {
      this.#known.delete(session)
      this.#known.set(session, { at: now, declared: read.get(session) })
      found.set(session, read.get(session))
    }
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST) break
      this.#known.delete(oldest)
    }
    return found
  }

  /** A revision came: what is known may be old. */
  forget(): void {
    this.#known.clear()
    this.settings.forget()
  }
}
