import type { Outcome } from '../../../protocol/effect.js'
import type { Queryable } from '../database.js'

export interface ErrandState {
  /** lost: its executor has not been heard of for the time of the lease */
  readonly state: 'pending' | 'leased' | 'done' | 'lost'
  readonly executor: string | null
  readonly outcome: Outcome | null
}

const text = `
with ended as (
  delete from runtime.errands where id = $1 and (state = 'done' or (state = 'leased' and lease_until < now()))
  returning case state when 'done' then 'done' else 'lost' end as state, executor, outcome
)
select state, executor, outcome from ended
union all
select state, executor, null from runtime.errands where id = $1 and not exists (select from ended)`

/** How an errand stands. One that has ended is told once, and is gone. */
export async function collectErrand(db: Queryable, id: string): Promise<ErrandState | undefined> {
  const [row] = await db.query<Omit<ErrandState, 'outcome'> & { outcome: string | null }>(text, [id], 'errands_collect')
  return row === undefined ? undefined : { ...row, outcome: row.outcome === null ? null : (JSON.parse(row.outcome) as Outcome) }
}
