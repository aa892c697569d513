import type { ErrandRequest } from '../../../protocol/errand.js'
import type { Queryable } from '../database.js'

export interface LeasedErrandRow {
  readonly id: string
  readonly session: string
  readonly request: ErrandRequest
  /** milliseconds that somebody still waits for it */
  readonly left: number
}

export interface ErrandQuery {
  readonly executor: string
  /** id of its access token: a revoked one leases nothing, even when its poll began before */
  readonly token: string
  readonly kinds: readonly string[]
  readonly lease: string
  readonly slots: number
  readonly leaseMs: number
}

const text = `
with chosen as (
  select id from runtime.errands
  where state = 'pending' and kind = any($3) and wanted in ('', $1) and until > now() and exists (
    select from runtime.access_tokens t where t.id = $2 and t.revoked_at is null and (t.expires_at is null or t.expires_at > now()))
  order by at limit $5 for update skip locked
)
update runtime.errands e
set state = 'leased', executor = $1, lease = $4, lease_until = now() + $6::float8 * interval '1 millisecond'
from chosen c where e.id = c.id
returning e.id, e.session, e.request, greatest(1, ceil(extract(epoch from e.until - now()) * 1000))::int as left`

/** Errands for an executor, the oldest first. */
export function leaseErrands(db: Queryable, { executor, token, kinds, lease, slots, leaseMs }: ErrandQuery): Promise<LeasedErrandRow[]> {
  return db.query<LeasedErrandRow>(text, [executor, token, kinds, lease, slots, leaseMs], 'errands_lease')
}
