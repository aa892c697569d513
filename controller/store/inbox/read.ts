import type { Queryable } from '../database.js'

export interface WaitingRow {
  readonly id: number
  readonly kind: string
  readonly key: string | null
  readonly body: string
}

/** Most characters that one read brings; a read that brought as many may have left rows behind. */
export const INBOX_CHARACTERS = 8_388_608

/** What waits for a session, oldest first, but for rows a batch in flight holds already. At most 8 MiB, or one row. */
export async function readInbox(db: Queryable, session: string, held: readonly number[], most: number): Promise<WaitingRow[]> {
  return db.query<WaitingRow>(
    `select id, kind, key, body from (
       select id, kind, key, body, sum(length(body)) over (order by id) - length(body) as before
         from (select * from runtime.inbox where session = $1 and not id = any ($2) order by id limit $3) page) sized
      where before < $4 order by id`,
    [session, held, most, INBOX_CHARACTERS], 'inbox-read')
}
