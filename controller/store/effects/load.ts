import type { Queryable } from '../database.js'

export interface LoadedEffect {
  readonly firing: number
  readonly attempt: number
  readonly net: string
  readonly transition: string
  readonly state: 'pending' | 'held' | 'leased' | 'settled' | 'blocked' | 'awaiting'
  readonly hold: unknown
}

/** Effects whose firing is not over: those the engine must know of. */
export async function loadEffects(db: Queryable, session: string): Promise<LoadedEffect[]> {
  return db.query<LoadedEffect>(
    `select firing, attempt, net, transition, state, hold from runtime.effects
      where session = $1 and state <> 'withdrawn' and hold <> '{}' order by firing`,
    [session], 'effects-load')
}
