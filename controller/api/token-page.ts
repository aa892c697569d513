import type { Condition, Order } from '../../petri/arcql/ast.js'
import { compileCondition, conditionRoots, type Subject } from '../../petri/arcql/evaluate.js'
import { parseCondition, parseOrder } from '../../petri/arcql/parse.js'
import type { Parsed } from '../../petri/parsed.js'
import type { Json } from '../../petri/json.js'
import { formatTokenId } from '../../petri/token.js'
import type { TokenAnswer } from '../../protocol/api/tokens.js'
import { fail } from '../errors.js'
import { listTokens } from '../store/tokens/list.js'
import type { TokenRow } from '../store/tokens/row.js'
import type { Context } from './context.js'
import { readCursor, writeCursor, type Page } from './page.js'
import { showToken } from './show-token.js'

interface Asked {
  readonly where?: string | undefined
  readonly order?: string | undefined
  readonly limit: number
  readonly cursor?: string | undefined
}

const NONE: ReadonlyMap<number, number> = new Map()
const PORTION = 2_000
const MOST_LOOKED_AT = 20_000

/** One page of the tokens of a place, by ArcQL. What SQL cannot say is asked of each row, of 20,000 a page at most. */
export async function tokenPage({ db, reservations }: Pick<Context, 'db' | 'reservations'>, session: string, address: string, declared: boolean, asked: Asked): Promise<Page<TokenAnswer>> {
  const where = asked.where === undefined ? undefined : conditionOf(asked.where)
  const order: Order = asked.order === undefined ? [] : understood('order', asked.order, parseOrder(asked.order))
  const [mode, begin] = (readCursor(asked.cursor, ['string', 'number']) ?? [order.length > 0 ? 'offset' : 'after', order.length > 0 ? 0 : -1]) as [string, number]
  if ((mode === 'offset') !== order.length > 0) fail('bad-request', 'query cursor: it belongs to another order', 'begin without a cursor when order changes')
  const kept: TokenRow[] = []
  let position = begin
  for (let looked = 0; ; ) {
    const limit = where === undefined ? asked.limit + 1 : Math.min(PORTION, Math.max(asked.limit + 1, 200))
    const { rows, residual } = await listTokens(db, session, address, {
      where, order, after: mode === 'after' ? position : -1, offset: mode === 'offset' ? position : 0, limit,
    })
    const holds = residual === undefined ? undefined : compileCondition(residual)
    for (const row of rows) {
      if (holds && !holds(subject(row), () => undefined)) position = mode === 'after' ? row.id : position + 1
      else if (kept.length === asked.limit) return show(mode, position)
      else {
        kept.push(row)
        position = mode === 'after' ? row.id : position + 1
      }
    }
    looked += rows.length
    if (rows.length < limit) return show(mode, undefined)
    if (looked >= MOST_LOOKED_AT) return show(mode, position)
  }

  async function show(how: string, next: number | undefined): Promise<Page<TokenAnswer>> {
    const holders = kept.length === 0 ? NONE : await reservations(session)
    return { items: kept.map((row) => showToken(row, holders, declared)), ...(next === undefined ? {} : { next: writeCursor([how, next]) }) }
  }
}

function conditionOf(text: string): Condition {
  const condition = understood('where', text, parseCondition(text))
  const [root] = conditionRoots(condition)
  if (root !== undefined) fail('bad-query', `query where: \${${root}} has no value outside a net`, 'write the value itself')
  return condition
}

function understood<T>(name: string, text: string, parsed: Parsed<T>): T {
  if (parsed.ok) return parsed.value
  return fail('bad-query', `query ${name}: ${parsed.message} (at character ${parsed.offset + 1} of ${JSON.stringify(text.slice(0, 200))})`, parsed.remedy, { details: { offset: parsed.offset } })
}

function subject(row: TokenRow): Subject {
  return {
    data: row.data as Json,
    meta: () => ({
      id: formatTokenId(row.id), place: row.place, createdAt: row.created_at.toISOString(), producedBy: row.produced_by,
      parents: row.parents.map(formatTokenId), depth: row.depth, correlationId: row.correlation,
    }),
  }
}
