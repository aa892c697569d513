import { formatTokenId } from '../../petri/token.js'
import type { TokenAnswer } from '../../protocol/api/tokens.js'
import type { TokenRow } from '../store/tokens/row.js'

export function showToken(row: TokenRow, holders: ReadonlyMap<number, number>, declared: boolean): TokenAnswer {
  return {
    id: formatTokenId(row.id), place: row.place, data: row.data as never, createdAt: row.created_at.toISOString(), producedBy: row.produced_by,
    parents: row.parents.map(formatTokenId), depth: row.depth, correlationId: row.correlation, orphaned: row.orphaned || !declared, superseded: row.superseded,
    reservedBy: holders.get(row.id) ?? null,
  }
}
