import type { Queryable } from '../database.js'

/** Held effects of the scope go on, but for those that another stop covers still. Says how many. */
export async function unholdEffects(tx: Queryable, sessions: readonly string[], net: string, transition: string): Promise<number> {
  const rows = await tx.query<{ freed: number }>(
    `with freed as (
       update runtime.effects e set state = 'pending'
       where e.session = any ($1) and e.state = 'held' and ($2 = '' or e.net = $2) and ($3 = '' or e.transition = $3)
         and not exists (
           select from runtime.lifecycle l
           where l.state <> 'running' and l.session in (e.session, '*')
             and l.net in (e.net, '') and l.transition in (e.transition, ''))
       returning 1)
     select count(*) as freed from freed`,
    [sessions, net, transition])
  return rows[0]!.freed
}
