import type { Queryable } from '../database.js'

/** Points sessions, in name order, at their new generations and raises their fences: what their owners have in flight is void. */
export async function pointSessions(tx: Queryable, generations: readonly { readonly session: string; readonly generation: number }[]): Promise<void> {
  await tx.query(
    `insert into runtime.sessions as s (session, generation)
     select session, generation from jsonb_to_recordset($1::jsonb) as g(session text, generation bigint) order by session
     on conflict (session) do update set generation = excluded.generation, fence = s.fence + 1`,
    [JSON.stringify(generations.map(({ session, generation }) => ({ session, generation })))])
}
