import type { Net, SessionConfig } from '../../../petri/net.js'
import type { Queryable } from '../database.js'

export interface Generation {
  readonly commit: string
  readonly config: SessionConfig
  readonly nets: readonly Net[]
}

/** What a session runs at a generation; undefined for generation 0 or one that was pruned. */
export async function readGeneration(db: Queryable, session: string, generation: number): Promise<Generation | undefined> {
  const rows = await db.query<{ commit: string; config: SessionConfig; nets: Net[] }>(
    `select g.commit, g.config,
            coalesce((select json_agg(n.definition order by n.net) from json_each_text(g.nets::json) p
                        join design.nets n on n.session = g.session and n.net = p.key and n.identity = p.value), '[]') as nets
       from design.generations g where g.session = $1 and g.generation = $2`,
    [session, generation], 'generation-read')
  return rows[0]
}
