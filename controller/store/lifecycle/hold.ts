import type { Queryable } from '../database.js'

/** Pending effects of the scope wait from now on: no executor gets them. Says how many. */
export async function holdEffects(tx: Queryable, sessions: readonly string[], net: string, transition: string): Promise<number> {
  const rows = await tx.query<{ held: number }>(
    `with held as (
       update runtime.effects set state = 'held'
       where session = any ($1) and state = 'pending' and ($2 = '' or net = $2) and ($3 = '' or transition = $3)
       returning 1)
     select count(*) as held from held`,
    [sessions, net, transition])
  return rows[0]!.held
}
