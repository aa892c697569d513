import type { LoadedToken } from './load.js'
import type { Queryable } from '../database.js'

/** Tokens of these places that a declaration put there. */
export async function loadDeclared(db: Queryable, session: string, places: readonly string[]): Promise<LoadedToken[]> {
  return db.query<LoadedToken>(
    `select id, place, data::text as data, extract(epoch from created_at)::float8 * 1000 as "createdAt", produced_by as by,
            parents::float8[] as parents, depth, correlation, superseded
       from runtime.tokens where session = $1 and place = any ($2) and produced_by = 'declared' order by id`,
    [session, places], 'tokens-load-declared')
}
