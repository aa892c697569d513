import type { Queryable } from '../database.js'
import type { TokenRow } from './row.js'

/** Tokens of the marking by their ids. */
export async function findTokens(db: Queryable, session: string, ids: readonly number[]): Promise<TokenRow[]> {
  return db.query<TokenRow>(
    `select id, place, data, created_at, produced_by, parents, depth, correlation, orphaned, superseded
     from runtime.tokens where session = $1 and id = any ($2) order by id`,
    [session, ids])
}
