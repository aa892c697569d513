import type { Queryable } from '../database.js'

/**
 * Pending effects of the scope wait from now on: no executor gets them. Says how many. Leased ones are locked until the stop
 * is committed: a grant or tool call under way comes before it, a later one sees it.
 */
export async function holdEffects(tx: Queryable, sessions: readonly string[], net: string, transition: string): Promise<number> {
  const rows = await tx.query<{ held: number }>(
    `with locked as (
       select session, firing, state from runtime.effects
       where session = any ($1) and state in ('pending', 'leased') and ($2 = '' or net = $2) and ($3 = '' or transition = $3)
       order by session, firing for update
     ), held as (
       update runtime.effects e set state = 'held' from locked l
       where e.session = l.session and e.firing = l.firing and l.state = 'pending'
       returning 1)
     select count(*) as held from held`,
    [sessions, net, transition])
  return rows[0]!.held
}
