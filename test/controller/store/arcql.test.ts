import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { conditionSql, querySql } from '../../../controller/store/arcql.js'
import type { Database } from '../../../controller/store/database.js'
import { compileCondition } from '../../../petri/arcql/evaluate.js'
import { compileOrder } from '../../../petri/arcql/order.js'
import { parseCondition, parseOrder, parseQuery } from '../../../petri/arcql/parse.js'
import { canonicalText, canonicalValue } from '../../../petri/canonical.js'
import type { Json } from '../../../petri/json.js'
import type { Parsed } from '../../../petri/parsed.js'
import type { Roots } from '../../../petri/template.js'
import { meta, type Token, tokenId } from '../../../petri/token.js'
import { randomCondition, randomData, randomOrder, randomValue } from '../../petri/arcql/random.js'
import { testDatabase } from '../../support/database.js'

function taken<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new Error(`${parsed.message}; ${parsed.remedy}`)
  return parsed.value
}

const subject = (token: Token) => ({ data: token.data, meta: () => meta(token) })
const ROWS = 400

let database: Database
let tokens: Token[]

beforeAll(async () => {
  database = (await testDatabase()).database
  tokens = fc.sample(randomData, { seed: 7, numRuns: ROWS }).map((data, index): Token => ({
    id: tokenId(index + 1, index % 3), place: index % 5 === 0 ? 'net/other' : 'net/place', data: canonicalValue(data), text: canonicalText(data),
    createdAt: Date.UTC(2026, 0, 1) + index * 61_001, producedBy: 'put', parents: index % 4 === 0 ? [tokenId(index, 1), tokenId(2, 0)] : [], depth: index % 3, correlationId: index % 2 === 0 ? '' : `c${index % 7}`,
  }))
  for (const token of tokens) {
    await database.query(
      `insert into runtime.tokens (session, id, place, data, created_at, produced_by, parents, depth, correlation)
       values ('s', $1, $2, $3::jsonb, to_timestamp($4::float8 / 1000), $5, $6, $7, $8)`,
      [token.id, token.place, token.text, token.createdAt, token.producedBy, token.parents, token.depth, token.correlationId])
  }
})

async function select(where: string, values: readonly unknown[], order = 'id'): Promise<number[]> {
  const rows = await database.query<{ id: number }>(`select id from runtime.tokens where session = $1 and (${where}) order by ${order}`, ['s', ...values])
  return rows.map((row) => row.id)
}

describe('ArcQL in SQL', () => {
  it('finds the rows that the evaluator finds, whatever the condition', async () => {
    await fc.assert(
      fc.asyncProperty(randomCondition, randomValue, async (text, x) => {
        const condition = taken(parseCondition(text))
        const roots: Roots = (name) => (name === 'x' ? canonicalValue(x) : undefined)
        const sql = conditionSql(condition, 1, roots)
        const found = new Set(await select(sql.text, sql.values))
        const residual = sql.residual === undefined ? () => true : compileCondition(sql.residual)
        const holds = compileCondition(condition)
        const seen = tokens.filter((token) => found.has(token.id) && residual(subject(token), roots)).map((token) => token.id)
        const right = tokens.filter((token) => holds(subject(token), roots)).map((token) => token.id)
        expect(seen).toEqual(right)
      }),
      { numRuns: 500 },
    )
  })

  it('sorts as the evaluator sorts', async () => {
    await fc.assert(
      fc.asyncProperty(randomOrder, async (text) => {
        const order = taken(parseOrder(text))
        const sql = querySql({ where: undefined, order, limit: undefined }, 1)
        const compare = compileOrder(order)
        expect(await select(sql.text, sql.values, sql.order)).toEqual([...tokens].sort((a, b) => compare(subject(a), subject(b))).map((token) => token.id))
      }),
      { numRuns: 150 },
    )
  })

  it('leaves no residual but for MATCHES', async () => {
    await fc.assert(
      fc.asyncProperty(randomCondition.filter((text) => !text.includes('MATCHES')), async (text) => {
        expect(conditionSql(taken(parseCondition(text))).residual).toBeUndefined()
      }),
    )
  })

  it('leaves only the parts with MATCHES to be asked afterwards, and no limit before them', () => {
    const query = taken(parseQuery('WHERE $.a == 1 AND $.b MATCHES /x/ AND NOT ($.c == 2 OR $.d MATCHES /y/) LIMIT 5'))
    const sql = querySql(query)
    expect(sql.limit).toBeUndefined()
    expect(sql.residual).toEqual({ kind: 'and', of: [(query.where as unknown as { of: Json[] }).of[1], (query.where as unknown as { of: Json[] }).of[2]] })
    expect(querySql(taken(parseQuery('WHERE $.a == 1 LIMIT 5'))).limit).toBe(5)
  })

  it('puts every value in a parameter', () => {
    const sql = conditionSql(taken(parseCondition(`$["'; drop table x; --"] == "'; --" AND $.a["'"][0] == 1`)), 3)
    expect(sql.text).toBe("((data -> $4::text) = $5::jsonb) is true and (jsonb_path_query_first(data, $6::jsonpath, '{}', true) = $7::jsonb) is true")
    expect(sql.values).toEqual(["'; drop table x; --", '"\'; --"', `strict $."a"."'"[0]`, '1'])
  })

  it.each([
    ['1,500 alternatives', Array.from({ length: 1_500 }, (_, index) => `$.a==${index}`).join(' OR ')],
    ['alternatives of 1,500 different keys', Array.from({ length: 1_500 }, (_, index) => `$.k${index}==1`).join(' OR ')],
    ['64 levels', `${'NOT ('.repeat(32)}$.a == 1${')'.repeat(32)}`],
    ['a list of 10,000', `$.a IN [${Array.from({ length: 10_000 }, (_, index) => index).join(', ')}]`],
    ['64 steps', `EXISTS $${'[0].a'.repeat(32)} OR $${'.a'.repeat(64)} == 1`],
  ])('takes the largest conditions there are: %s', async (_, text) => {
    const condition = taken(parseCondition(text))
    const sql = conditionSql(condition, 1)
    const holds = compileCondition(condition)
    expect(await select(sql.text, sql.values)).toEqual(tokens.filter((token) => holds(subject(token), () => undefined)).map((token) => token.id))
  })
})
