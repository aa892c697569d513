import type { Queryable } from '../database.js'

export interface Bounds {
  readonly seq: number
  /** first event that is still kept; null: none */
  readonly first: number | null
}

/** Number of a session's last event, and of the first that is still kept. */
export async function eventBounds(db: Queryable, session: string): Promise<Bounds> {
  const rows = await db.query<Bounds>(
    `select s.seq, (select min(first) from runtime.segments where session = $1) as first
     from runtime.sessions s where s.session = $1`, [session])
  return rows[0] ?? { seq: 0, first: null }
}
