import type { Queryable } from '../database.js'

export interface PoisonRow {
  readonly id: number
  readonly kind: string
  readonly key: string | null
  readonly error: string
  readonly at: Date
}

/** Inbox rows that no batch could take, newest first. */
export async function listPoison(db: Queryable, session: string, before: number | null, limit: number): Promise<PoisonRow[]> {
  return db.query<PoisonRow>(
    `select id, kind, key, error, at from runtime.inbox_dead
     where session = $1 and ($2::bigint is null or id < $2) order by id desc limit $3`,
    [session, before, limit])
}
