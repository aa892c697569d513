import type { Queryable } from '../database.js'

/**
 * Second statement of a put with a key of the client's: takes rows out again whose key was decided while they went in.
 * `insertInbox` decides on a snapshot from before it waited for the owner's batch; this one sees that batch's decision.
 */
export async function dropDecided(tx: Queryable, session: string, keys: readonly string[]): Promise<void> {
  await tx.query(
    `delete from runtime.inbox i using runtime.decisions d
     where i.session = $1 and i.key = any ($2) and d.session = i.session and d.key = i.key`,
    [session, keys], 'inbox-drop-decided')
}
