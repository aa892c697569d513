import type { LeaseRef } from '../../../protocol/executor.js'
import type { Queryable } from '../database.js'

export interface CallRow {
  readonly call: number
  readonly kind: 'model' | 'tool'
  readonly name: string
  readonly input: any
  readonly output: any
  readonly refused: boolean
  readonly micros: number
}

// A row without a call says that the lease stands; no row at all that it is over.
const text = `
select c.call, c.kind, c.name, c.input, c.output, coalesce(c.refused, false) as refused, coalesce(c.micros, 0) as micros
  from runtime.effects e
  left join runtime.calls c on c.session = e.session and c.firing = e.firing and c.state = 'recorded'
 where e.session = $2 and e.firing = $3 and e.attempt = $4 and e.lease = $5 and e.executor = $1 and e.state = 'leased'
 order by c.call`

/** What all attempts of a firing recorded, in order; undefined when the lease is over. */
export async function transcript(db: Queryable, executor: string, { session, firing, attempt, lease }: LeaseRef): Promise<CallRow[] | undefined> {
  const rows = await db.query<CallRow | { call: null }>(text, [executor, session, firing, attempt, lease], 'calls-transcript')
  return rows.length === 0 ? undefined : rows.filter((row): row is CallRow => row.call !== null)
}
