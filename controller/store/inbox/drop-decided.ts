import type { Queryable } from '../database.js'

/**
 * Second statement of a put with a key of the client's: takes rows out again whose key was decided while they went in; how many.
 * `insertInbox` decides on a snapshot from before it waited for the owner's batch; this one sees that batch's decision.
 */
export async function dropDecided(tx: Queryable, session: string, keys: readonly string[]): Promise<number> {
  const rows = await tx.query<{ key: string }>(
    `delete from runtime.inbox i using runtime.decisions d
     where i.session = $1 and i.key = any ($2) and d.session = i.session and d.key = i.key returning i.key`,
    [session, keys], 'inbox-drop-decided')
  return rows.length
}
