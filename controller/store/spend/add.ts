import type { Usage } from '../../../petri/models.js'
import type { Queryable } from '../database.js'

interface Spent {
  readonly session: string
  readonly transition: string
  readonly model: string
  readonly usage: Usage
  readonly micros: number
}

/** Books money that no firing spent, on today. */
export async function addSpend(db: Queryable, { session, transition, model, usage, micros }: Spent): Promise<void> {
  await db.query(
    `insert into runtime.spend as s (session, day, net, transition, model, calls, input, cached, output, micros)
     values ($1, (now() at time zone 'utc')::date, '', $2, $3, 1, $4, $5, $6, $7)
     on conflict (session, day, net, transition, model) do update
     set calls = s.calls + 1, input = s.input + excluded.input, cached = s.cached + excluded.cached, output = s.output + excluded.output, micros = s.micros + excluded.micros`,
    [session, transition, model, usage.input, usage.cached, usage.output, micros])
}
