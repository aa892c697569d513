import type { Queryable } from '../database.js'

/** Notes that a token was used, at most once a minute. */
export async function touchAccess(db: Queryable, id: string): Promise<void> {
  await db.query(
    `update runtime.access_tokens set last_used_at = now()
     where id = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
    [id], 'access-touch')
}
