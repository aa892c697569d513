import type { Queryable } from '../database.js'

export interface ToolOutcome {
  readonly session: string
  readonly firing: number
  readonly call: number
  /** JSON text */
  readonly output: string
  readonly refused: boolean
}

/** Records what came of tool calls that were begun, the first record stands; with their notes, one row a session that there is. */
export async function recordToolCalls(db: Queryable, outcomes: readonly ToolOutcome[], notes: readonly { readonly session: string; readonly body: string }[]): Promise<void> {
  await db.query(
    `with recorded as (
     update runtime.calls c set state = 'recorded', output = n.output::jsonb, refused = n.refused
     from unnest($1::text[], $2::bigint[], $3::int[], $4::text[], $5::boolean[]) as n(session, firing, call, output, refused)
     where c.session = n.session and c.firing = n.firing and c.call = n.call and c.kind = 'tool' and c.state = 'begun')
     insert into runtime.inbox (session, kind, key, body)
     select t.session, 'note', null, t.body from unnest($6::text[], $7::text[]) with ordinality as t(session, body, nth)
     where exists (select from runtime.sessions s where s.session = t.session) order by t.nth`,
    [outcomes.map((o) => o.session), outcomes.map((o) => o.firing), outcomes.map((o) => o.call), outcomes.map((o) => o.output), outcomes.map((o) => o.refused),
      notes.map((note) => note.session), notes.map((note) => note.body)], 'tool-record')
}
