import type { Queryable } from '../database.js'

export interface CapabilityRow {
  readonly id: string
  /** SHA-256 of the whole token */
  readonly hash: string
  readonly session: string
  readonly firing: number
  readonly attempt: number
  readonly lease: string
  readonly role: string
}

// It does not wait for the disk, as the lease does not: a crash of the database that forgets one forgets the other.
const text = `
insert into runtime.capabilities (id, hash, session, firing, attempt, lease, role)
select g.* from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::int[], $6::uuid[], $7::text[]) as g
 where set_config('synchronous_commit', 'off', true) is not null`

/** Keeps the hashes of capability tokens. */
export async function insertCapabilities(db: Queryable, rows: readonly CapabilityRow[]): Promise<void> {
  const column = <K extends keyof CapabilityRow>(key: K) => rows.map((row) => row[key])
  await db.query(text, [column('id'), column('hash'), column('session'), column('firing'), column('attempt'), column('lease'), column('role')], 'capabilities-insert')
}
