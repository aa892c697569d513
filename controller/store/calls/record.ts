import type { Queryable } from '../database.js'

export interface CallRecord {
  readonly session: string
  readonly firing: number
  readonly attempt: number
  readonly lease: string
  readonly call: number
  readonly model: string
  /** for a call whose grant is not known; null: it costs nothing then */
  readonly price: object | null
  readonly input: number
  readonly cached: number
  readonly output: number
  readonly sent: readonly unknown[]
  readonly purpose: string
  /** {answer, error, usage, durationMs} */
  readonly said: object
  /** the rest of the event, as the inside of a JSON object */
  readonly note: string
}

export interface Recorded {
  readonly session: string
  readonly verdict: 'recorded' | 'repeated' | 'lost'
  readonly micros: number
}

/** Books model calls (none named twice), each once, with an event each: migrations/0006-ledger.sql. Durable when it resolves. */
export function recordCalls(db: Queryable, executor: string, calls: readonly CallRecord[]): Promise<Recorded[]> {
  const rows = JSON.stringify(calls.map((call, at) => ({ nth: at, ...call })))
  return db.query<Recorded>('select session, verdict, micros from runtime.record_calls($1, $2::json, $3::text[], $4::bigint[], $5::integer[]) order by nth',
    [executor, rows, calls.map((one) => one.session), calls.map((one) => one.firing), calls.map((one) => one.call)], 'calls-record')
}
