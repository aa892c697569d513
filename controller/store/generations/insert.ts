import type { SessionConfig } from '../../../petri/net.js'
import type { Queryable } from '../database.js'

export interface NewGeneration {
  readonly session: string
  readonly generation: number
  readonly commit: string
  readonly config: SessionConfig
  /** net -> identity */
  readonly nets: Readonly<Record<string, string>>
}

/** What sessions are to run next. A number that is taken already fails: two never write the same generation. */
export async function insertGenerations(tx: Queryable, generations: readonly NewGeneration[]): Promise<void> {
  await tx.query(
    `insert into design.generations (session, generation, commit, config, nets)
     select session, generation, commit, config, nets
     from jsonb_to_recordset($1::jsonb) as g(session text, generation bigint, commit text, config jsonb, nets jsonb)
     order by session`,
    [JSON.stringify(generations)])
}
