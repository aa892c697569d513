import type { Queryable } from '../database.js'

export interface DecisionRow {
  readonly key: string
  readonly status: number
  /** JSON text */
  readonly body: string
}

/** What the session's owner decided of the rows with these keys, as far as it did. */
export async function findDecisions(db: Queryable, session: string, keys: readonly string[]): Promise<DecisionRow[]> {
  return db.query<DecisionRow>(
    `select key, status, body from runtime.decisions where session = $1 and key = any ($2)`,
    [session, keys], 'decisions-find')
}
