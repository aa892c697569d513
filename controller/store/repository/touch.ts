import type { Queryable } from '../database.js'

/** Makes another version of the row, so that a reconciler with an older picture notices. */
export async function touchRepository(tx: Queryable): Promise<void> {
  await tx.query(`update design.repository set updated_at = now()`)
}
