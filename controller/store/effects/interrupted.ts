import type { Queryable } from '../database.js'

export interface Interrupted {
  readonly session: string
  readonly firing: number
  readonly lease: string
  readonly executor: string
}

const text = `
select session, firing, lease, executor from runtime.effects
where state = 'leased' and lease_until < now() and kind in ('llm', 'agent') and lost < 3 and cancel is null
order by session, firing limit 1000`

/** Work whose lease has ended and that another executor can go on with: 1,000 at most. */
export function interrupted(db: Queryable): Promise<Interrupted[]> {
  return db.query<Interrupted>(text, [], 'effects_interrupted')
}
