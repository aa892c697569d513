import type { Queryable } from '../database.js'

export interface LoadedToken {
  readonly id: number
  readonly place: string
  readonly data: string
  readonly createdAt: number
  readonly by: string
  readonly parents: number[]
  readonly depth: number
  readonly correlation: string
  readonly superseded: boolean
}

/** Tokens of these places, oldest first, a page at a time: those with an id above `after`. */
export async function loadTokens(db: Queryable, session: string, places: readonly string[], after: number, most: number): Promise<LoadedToken[]> {
  return db.query<LoadedToken>(
    `select id, place, data::text as data, extract(epoch from created_at)::float8 * 1000 as "createdAt", produced_by as by,
            parents::float8[] as parents, depth, correlation, superseded
       from runtime.tokens where session = $1 and place = any ($2) and id > $3 order by id limit $4`,
    [session, places, after, most], 'tokens-load')
}
