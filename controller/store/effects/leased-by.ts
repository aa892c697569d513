import type { Queryable } from '../database.js'

export interface HeldLease {
  readonly session: string
  readonly firing: number
  readonly lease: string
}

const text = `select session, firing, lease from runtime.effects
  where state = 'leased' and executor = $1 and lease = any($2) and lease_until is not null`

/** What these polls of an executor leased and is leased still. */
export function leasedBy(db: Queryable, executor: string, polls: readonly string[]): Promise<HeldLease[]> {
  return db.query<HeldLease>(text, [executor, polls], 'effects_leased_by')
}
