import type { Queryable } from '../database.js'

/** A limit that calls of a batch are judged by: money of a scope in a period, or calls of a model in a window. */
export interface Limit {
  readonly scope: string
  readonly period: string
  /** micro-dollars, or calls */
  readonly most: number
  /** when the period ends; undefined: with the firing */
  readonly until: Date | undefined
  /** the beginning of the sentence that refuses */
  readonly words: string
}

export interface CallOrder {
  readonly session: string
  readonly firing: number
  readonly attempt: number
  readonly lease: string
  readonly call: number
  readonly model: string
  /** the most it can cost */
  readonly micros: number
  readonly price: object
  readonly most: object
  /** places in the list of limits, from 1 */
  readonly scopes: readonly number[]
  readonly rate: number | null
}

export interface Judged {
  readonly verdict: 'granted' | 'recorded' | 'wait' | 'refused' | 'lost' | 'taken'
  readonly reserved: number | null
  /** of a recorded call: what it said */
  readonly known: { readonly answer?: unknown; readonly error?: { readonly message: string } } | null
  /** place of the limit that refuses, from 1 */
  readonly scope: number | null
  /** only what others set aside is in the way */
  readonly soon: boolean
  readonly message: string | null
  /** an event tells of it */
  readonly told: boolean
}

/** Judges model calls in the order given and sets their money aside: migrations/0006-ledger.sql, one round trip. */
export function grantCalls(db: Queryable, executor: string, calls: readonly CallOrder[], limits: readonly Limit[]): Promise<Judged[]> {
  const columns = [limits.map((l) => l.scope), limits.map((l) => l.period), limits.map((l) => l.most), limits.map((l) => l.until ?? null), limits.map((l) => l.words)]
  const rows = JSON.stringify(calls.map((call, at) => ({ nth: at, ...call })))
  return db.query<Judged>(
    `select verdict, reserved, known, scope, soon, message, told
       from runtime.grant_calls($1, $2::json, $3::text[], $4::text[], $5::bigint[], $6::timestamptz[], $7::text[]) order by nth`,
    [executor, rows, ...columns], 'calls-grant')
}
