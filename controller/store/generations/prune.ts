import type { Queryable } from '../database.js'

/**
 * Deletes generations before the last ten of what is wanted and adopted that are older than a week and that no effect needs:
 * a firing ends under the generation it began with, however long it is held.
 */
export async function pruneGenerations(db: Queryable): Promise<number> {
  const rows = await db.query<{ session: string }>(
    `delete from design.generations g using runtime.sessions s
     where s.session = g.session and g.generation < least(s.generation, s.adopted) - 10 and g.created_at < now() - interval '7 days'
       and not exists (select from runtime.effects e where e.session = g.session and (e.hold ->> 'generation')::bigint = g.generation)
     returning g.session`)
  return rows.length
}
