import type { Condition, Order } from '../../../petri/arcql/ast.js'
import { querySql } from '../arcql.js'
import type { Queryable } from '../database.js'
import type { TokenRow } from './row.js'

export interface TokenQuery {
  readonly where: Condition | undefined
  readonly order: Order
  /** id that the page begins after; goes with arrival order */
  readonly after: number
  /** rows that the page begins after; goes with an order of its own */
  readonly offset: number
  readonly limit: number
}

/** Tokens of a place that may satisfy an ArcQL condition, in its order; `residual` is to be asked of each. */
export async function listTokens(db: Queryable, session: string, address: string, query: TokenQuery): Promise<{ rows: TokenRow[]; residual: Condition | undefined }> {
  const { text, order, values, residual } = querySql({ where: query.where, order: query.order, limit: undefined }, 5)
  const rows = await db.query<TokenRow>(
    `select id, place, data, created_at, produced_by, parents, depth, correlation, orphaned, superseded
     from runtime.tokens where session = $1 and place = $2 and id > $3 and (${text})
     order by ${order} offset $4 limit $5`,
    [session, address, query.after, query.offset, query.limit, ...values])
  return { rows, residual }
}
