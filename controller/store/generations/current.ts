import type { SessionConfig } from '../../../petri/net.js'
import type { Queryable } from '../database.js'

export interface Current {
  readonly session: string
  readonly generation: number
  readonly adopted: number
  /** what the engine says is wrong */
  readonly condition: { readonly reason?: string; readonly message?: string } | null
  readonly commit: string
  readonly config: SessionConfig
  /** net -> identity */
  readonly nets: Readonly<Record<string, string>>
}

/** What each session is to run. A session whose generation row is gone says so by an empty commit. */
export async function currentGenerations(db: Queryable): Promise<Current[]> {
  return await db.query<Current>(
    `select s.session, greatest(s.generation, (select coalesce(max(o.generation), 0) from design.generations o where o.session = s.session)) as generation,
            s.adopted, s.condition, coalesce(g.commit, '') as commit, coalesce(g.config, '{}') as config, coalesce(g.nets, '{}') as nets
     from runtime.sessions s
     left join design.generations g on g.session = s.session and g.generation = s.generation
     order by s.session`, [], 'generations-current')
}
