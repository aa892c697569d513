import type { Page } from './page.js'
import type { TokenAnswer } from '../../protocol/api/tokens.js'
import type { Queryable } from '../store/database.js'
import { listTokens } from '../store/tokens/list.js'
import { pageOf, readCursor } from './page.js'
import { reservations } from './reservations.js'
import { showToken } from './show-token.js'

interface Asked {
  readonly where?: string | undefined
  readonly order?: string | undefined
  readonly limit: number
  readonly cursor?: string | undefined
}

/** One page of the tokens of a place, filtered and ordered by ArcQL. */
export async function tokenPage(db: Queryable, session: string, address: string, query: Asked): Promise<Page<TokenAnswer>> {
  const after = Number(readCursor(query.cursor, ['number'])?.[0] ?? -1)
  const rows = await listTokens(db, session, address, after, query.limit + 1)
  const { holders } = await reservations(db, session)
  return pageOf(rows, query.limit, (row) => [row.id], (row) => showToken(row, holders))
}
