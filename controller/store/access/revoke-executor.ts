import type { Queryable } from '../database.js'

/** Revokes the token of an executor and says it is gone; false: there is no such executor. */
export async function revokeExecutorAccess(db: Queryable, executor: string): Promise<boolean> {
  const rows = await db.query<{ executor: string }>(
    `with gone as (update runtime.executors set state = 'gone' where executor = $1 returning executor, token),
          revoked as (
            update runtime.access_tokens a set revoked_at = coalesce(revoked_at, now()) from gone
            where a.kind = 'executor' and (a.id = gone.token or a.name = gone.executor) returning a.id)
     select executor from gone`,
    [executor])
  return rows.length > 0
}
