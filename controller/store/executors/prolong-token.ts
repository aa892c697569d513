import type { Queryable } from '../database.js'

const text = `update runtime.access_tokens set expires_at = now() + $2::float8 * interval '1 millisecond', last_used_at = now() where id = $1`

/** A token lives on from now. */
export async function prolongToken(tx: Queryable, id: string, lifeMs: number): Promise<void> {
  await tx.query(text, [id, lifeMs])
}
