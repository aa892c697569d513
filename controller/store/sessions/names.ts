import type { Queryable } from '../database.js'

/** All session names, in order. */
export async function sessionNames(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ session: string }>(`select session from runtime.sessions order by session`)
  return rows.map((row) => row.session)
}
