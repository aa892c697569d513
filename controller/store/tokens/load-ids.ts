import type { LoadedToken } from './load.js'
import type { Queryable } from '../database.js'

/** Tokens by id, wherever they lie: for moves and removals of tokens that are not in memory. */
export async function loadTokensById(db: Queryable, session: string, ids: readonly number[]): Promise<LoadedToken[]> {
  return db.query<LoadedToken>(
    `select id, place, data::text as data, extract(epoch from created_at)::float8 * 1000 as "createdAt", produced_by as by,
            parents::float8[] as parents, depth, correlation, superseded
       from runtime.tokens where session = $1 and id = any ($2) order by id`,
    [session, ids], 'tokens-load-ids')
}
