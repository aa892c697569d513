import type { Queryable } from '../database.js'

const text = `update runtime.effects set lease_until = now() - interval '1 millisecond' where state = 'leased' and executor = $1`

/** Ends all leases of an executor whose process is known to be gone: they expire at the next look. */
export async function endLeases(tx: Queryable, name: string): Promise<void> {
  await tx.query(text, [name])
}
