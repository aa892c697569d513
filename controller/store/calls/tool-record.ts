import type { Queryable } from '../database.js'

export interface ToolOutcome {
  readonly session: string
  readonly firing: number
  readonly call: number
  /** JSON text */
  readonly output: string
  readonly refused: boolean
}

/** Records what came of tool calls that were begun; the first record stands. */
export async function recordToolCalls(tx: Queryable, outcomes: readonly ToolOutcome[]): Promise<void> {
  await tx.query(
    `update runtime.calls c set state = 'recorded', output = n.output::jsonb, refused = n.refused
     from unnest($1::text[], $2::bigint[], $3::int[], $4::text[], $5::boolean[]) as n(session, firing, call, output, refused)
     where c.session = n.session and c.firing = n.firing and c.call = n.call and c.kind = 'tool' and c.state = 'begun'`,
    [outcomes.map((o) => o.session), outcomes.map((o) => o.firing), outcomes.map((o) => o.call), outcomes.map((o) => o.output), outcomes.map((o) => o.refused)], 'tool-record')
}
