import type { Queryable } from '../database.js'

const text = `delete from runtime.workspaces w where used_at < now() - interval '24 hours'
  and not exists (select from runtime.effects e where e.session = w.session and e.workspace = w.workspace and e.workspace <> '' and e.state = 'leased')`

/** Workspaces nobody used for a day are forgotten; their executor removes the directories itself. */
export async function forgetWorkspaces(db: Queryable): Promise<void> {
  await db.query(text, [], 'effects_forget_workspaces')
}
