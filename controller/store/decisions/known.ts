import type { Queryable } from '../database.js'

/** Whether a key waits in the inbox or broke its batch there; undefined: it is not known (any more). */
export async function keyKnown(db: Queryable, session: string, key: string): Promise<{ state: 'waiting' | 'dead'; error: string } | undefined> {
  const rows = await db.query<{ state: 'waiting' | 'dead'; error: string }>(
    `select 'waiting' as state, '' as error from runtime.inbox where session = $1 and key = $2
     union all
     select 'dead', error from runtime.inbox_dead where session = $1 and key = $2
     limit 1`,
    [session, key])
  return rows[0]
}
