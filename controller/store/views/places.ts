import type { Queryable } from '../database.js'

export interface PlaceRow {
  /** `net/place` of the owner */
  readonly address: string
  readonly tokens: number
  readonly oldest: Date | null
  readonly newest: Date | null
}

/** What is in the places of a session (or of those that one net owns). */
export async function countPlaces(db: Queryable, session: string, net: string | null): Promise<PlaceRow[]> {
  return db.query<PlaceRow>(
    `select place as address, count(*) as tokens, min(created_at) as oldest, max(created_at) as newest
     from runtime.tokens
     where session = $1 and ($2::text is null or (place >= $2 || '/' and place < $2 || '0'))
     group by place order by place`,
    [session, net])
}
