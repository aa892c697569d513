import type { Queryable } from '../database.js'

/** Makes a transaction see one state of the database and change nothing. Its first statement. */
export async function seeOneState(tx: Queryable): Promise<void> {
  await tx.query('set transaction isolation level repeatable read, read only')
}
