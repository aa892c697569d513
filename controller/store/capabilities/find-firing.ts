import type { Queryable } from '../database.js'

/** What never changes of an agent's firing while it is leased. */
export interface AgentFiring {
  readonly correlation: string
  readonly model: string
  readonly prompt: string
  readonly writes: { place: string; category: string }[]
}

/** What an agent was asked, and where its tools may put: parts of its request, which may be large as a whole. */
export async function findAgentFiring(db: Queryable, session: string, firing: number): Promise<AgentFiring | undefined> {
  const rows = await db.query<AgentFiring>(
    `select coalesce(e.request ->> 'correlation', '') as correlation, left(e.request -> 'request' ->> 'prompt', 2000) as prompt,
            coalesce(e.request -> 'request' -> 'writes', '[]') as writes,
            coalesce((select name from runtime.calls where session = $1 and firing = $2 and kind = 'model' order by call desc limit 1),
                     e.request -> 'request' ->> 'model', '') as model
     from runtime.effects e where e.session = $1 and e.firing = $2`,
    [session, firing], 'agent-firing-find')
  return rows[0]
}
