import type { Queryable } from '../database.js'

/** Forgets tried commits that are no commit of main and that nothing refers to: those of scratch sessions, an hour after. */
export async function pruneRevisions(db: Queryable): Promise<number> {
  const rows = await db.query<{ commit: string }>(
    `delete from design.revisions r
     where r.subject like 'Scratch session %' and r.parents = '{}' and r.attempted_at < now() - interval '1 hour'
       and not exists (select from design.generations g where g.commit = r.commit)
     returning r.commit`)
  return rows.length
}
