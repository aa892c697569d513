import type { LoadedToken } from './load.js'
import type { Queryable } from '../database.js'

/** Every token of a session, oldest first, a page at a time: those with an id above `after`. */
export async function loadSnapshot(db: Queryable, session: string, after: number, most: number): Promise<LoadedToken[]> {
  return db.query<LoadedToken>(
    `select id, place, data::text as data, extract(epoch from created_at)::float8 * 1000 as "createdAt", produced_by as by,
            parents::float8[] as parents, depth, correlation, superseded
       from runtime.tokens where session = $1 and id > $2 order by id limit $3`,
    [session, after, most], 'tokens-load-snapshot')
}
