import type { Queryable } from '../database.js'

/**
 * Second statement of a put with keys: takes rows out again whose key was decided while they went in; how many.
 * `insertInbox` decides on a snapshot from before it waited for the owner's batch; this one sees that batch's decision.
 */
export async function dropDecided(tx: Queryable, rows: readonly { readonly session: string; readonly key: string }[]): Promise<number> {
  const dropped = await tx.query<{ key: string }>(
    `delete from runtime.inbox i
     using unnest($1::text[], $2::text[]) as r(session, key)
     join runtime.decisions d on d.session = r.session and d.key = r.key
     where i.session = r.session and i.key = r.key returning i.key`,
    [rows.map((row) => row.session), rows.map((row) => row.key)], 'inbox-drop-decided')
  return dropped.length
}
