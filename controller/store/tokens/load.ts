import type { Json } from '../../../petri/json.js'
import type { Queryable } from '../database.js'

/** A row of runtime.tokens as the engine reads it. `data` is its JSON text, or in pages its value. */
export interface LoadedToken<Data = string> {
  readonly id: number
  readonly place: string
  readonly data: Data
  readonly createdAt: number
  readonly by: string
  readonly parents: number[]
  readonly depth: number
  readonly correlation: string
  readonly superseded: boolean
}

type Row = [id: number, place: string, data: Json, createdAt: number, by: string, parents: number[], depth: number, correlation: string, superseded: boolean]

/**
 * Tokens of these places, oldest first, a page at a time: those with an id above `after`. A page comes as one JSON text,
 * which is read five times as fast as rows of nine columns each.
 */
export async function loadTokens(db: Queryable, session: string, places: readonly string[], after: number, most: number): Promise<LoadedToken<Json>[]> {
  const [page] = await db.query<{ rows: Row[] | null }>(
    `select json_agg(json_build_array(id, place, data, floor(extract(epoch from created_at) * 1000)::bigint, produced_by, parents, depth, correlation, superseded)) as rows
       from (select * from runtime.tokens where session = $1 and place = any ($2) and id > $3 order by id limit $4) page`,
    [session, places, after, most], 'tokens-load')
  return (page?.rows ?? []).map(([id, place, data, createdAt, by, parents, depth, correlation, superseded]) => ({ id, place, data, createdAt, by, parents, depth, correlation, superseded }))
}
