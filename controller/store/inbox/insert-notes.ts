import type { Queryable } from '../database.js'

/** Puts notes into the inboxes of sessions that there are, one row a session; needs no decision. */
export async function insertNotes(tx: Queryable, rows: readonly { readonly session: string; readonly body: string }[]): Promise<void> {
  await tx.query(
    `insert into runtime.inbox (session, kind, key, body)
     select n.session, 'note', null, n.body
     from unnest($1::text[], $2::text[]) with ordinality as n(session, body, nth)
     where exists (select from runtime.sessions s where s.session = n.session)
     order by n.nth`,
    [rows.map((row) => row.session), rows.map((row) => row.body)], 'inbox-notes')
}
