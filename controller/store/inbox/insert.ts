import type { Queryable } from '../database.js'

export interface InboxRow {
  readonly session: string
  readonly kind: string
  readonly key: string | null
  /** canonical JSON text of a body in protocol/inbox.ts */
  readonly body: string
}

/** Adds rows to inboxes, in order; rows whose key waits or was decided already are left out. Says how many were added. */
export async function insertInbox(db: Queryable, rows: readonly InboxRow[]): Promise<number> {
  const added = await db.query<{ id: number }>(
    `insert into runtime.inbox (session, kind, key, body)
     select r.session, r.kind, r.key, r.body
     from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality as r(session, kind, key, body, nth)
     where r.key is null
        or not exists (select from runtime.decisions d where d.session = r.session and d.key = r.key)
     order by r.nth
     on conflict (session, key) where key is not null do nothing
     returning id`,
    [rows.map((r) => r.session), rows.map((r) => r.kind), rows.map((r) => r.key), rows.map((r) => r.body)], 'inbox-insert')
  return added.length
}
