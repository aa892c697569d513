import type { Queryable } from '../database.js'

export interface Orphans {
  readonly session: string
  readonly place: string
  readonly tokens: number
}

/** Places that no applied net has any more, and how many tokens are kept for them. */
export async function readOrphans(db: Queryable): Promise<Orphans[]> {
  return await db.query<Orphans>(
    `select session, place, count(*) as tokens from runtime.tokens where orphaned group by session, place order by session, place`)
}
