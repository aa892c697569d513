import type { Queryable } from '../database.js'
import type { TokenRow } from './row.js'

/** Tokens of a place after an id, in arrival order. */
export async function listTokens(db: Queryable, session: string, address: string, after: number, limit: number): Promise<TokenRow[]> {
  return db.query<TokenRow>(
    `select id, place, data, created_at, produced_by, parents, depth, correlation, orphaned, superseded
     from runtime.tokens where session = $1 and place = $2 and id > $3 order by id limit $4`,
    [session, address, after, limit], 'tokens-list')
}
