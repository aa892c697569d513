import type { Queryable } from '../database.js'

export interface NewToolCall {
  readonly session: string
  readonly firing: number
  readonly call: number
  readonly tool: string
  /** SHA-256 of the tool's input */
  readonly digest: string
  /** JSON text */
  readonly input: string
}

export interface ToolCallRow {
  readonly session: string
  readonly firing: number
  readonly call: number
  readonly kind: 'model' | 'tool'
  readonly state: 'granted' | 'begun' | 'recorded'
  readonly name: string
  readonly digest: string
  readonly output: unknown
  readonly refused: boolean
}

// It does not wait for the disk: what was begun and not recorded is done again in any case, and a record that is durable has its beginning before it.

/** Begins tool calls, each of another number; answers the rows as they are now, those that were there before as they were. */
export async function beginToolCalls(db: Queryable, calls: readonly NewToolCall[]): Promise<ToolCallRow[]> {
  return db.query<ToolCallRow>(
    `insert into runtime.calls as c (session, firing, call, kind, state, name, digest, input)
     select session, firing, call, 'tool', 'begun', tool, digest, input::jsonb
     from unnest($1::text[], $2::bigint[], $3::int[], $4::text[], $5::text[], $6::text[]) as n(session, firing, call, tool, digest, input)
     where set_config('synchronous_commit', 'off', true) is not null
     on conflict (session, firing, call) do update set digest = c.digest
     returning session, firing, call, kind, state, name, digest, output, refused`,
    [calls.map((c) => c.session), calls.map((c) => c.firing), calls.map((c) => c.call), calls.map((c) => c.tool), calls.map((c) => c.digest), calls.map((c) => c.input)], 'tool-begin')
}
