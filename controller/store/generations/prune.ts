import type { Queryable } from '../database.js'

/**
 * Deletes generations that are neither the wanted nor the adopted one, nor one of the last ten, nor younger than a week:
 * a firing ends under the generation it began with, and a longest timeout is a week.
 */
export async function pruneGenerations(db: Queryable): Promise<number> {
  const rows = await db.query<{ session: string }>(
    `delete from design.generations g using runtime.sessions s
     where s.session = g.session and g.generation < least(s.generation, s.adopted) - 10 and g.created_at < now() - interval '7 days'
     returning g.session`)
  return rows.length
}
