import type { Queryable } from '../database.js'

/** What never changes of an agent's firing while it is leased. */
export interface AgentFiring {
  readonly session: string
  readonly firing: number
  readonly correlation: string
  readonly model: string
  readonly prompt: string
  readonly writes: { place: string; category: string }[]
}

/** What agents were asked, and where their tools may put: parts of their requests, which may be large as a whole. */
export async function findAgentFirings(db: Queryable, refs: readonly { readonly session: string; readonly firing: number }[]): Promise<AgentFiring[]> {
  return db.query<AgentFiring>(
    `select e.session, e.firing, coalesce(e.request ->> 'correlation', '') as correlation, left(e.request -> 'request' ->> 'prompt', 2000) as prompt,
            coalesce(e.request -> 'request' -> 'writes', '[]') as writes,
            coalesce((select name from runtime.calls where session = e.session and firing = e.firing and kind = 'model' order by call desc limit 1),
                     e.request -> 'request' ->> 'model', '') as model
     from unnest($1::text[], $2::bigint[]) as g (session, firing)
     join runtime.effects e on e.session = g.session and e.firing = g.firing`,
    [refs.map((ref) => ref.session), refs.map((ref) => ref.firing)], 'agent-firing-find')
}
