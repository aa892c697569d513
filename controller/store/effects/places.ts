import type { Queryable } from '../database.js'

export interface EffectPlace {
  readonly session: string
  readonly firing: number
  readonly net: string
  readonly transition: string
}

/** Net and transition of effects that an executor holds. */
export function effectPlaces(db: Queryable, executor: string, firings: readonly { readonly session: string; readonly firing: number }[]): Promise<EffectPlace[]> {
  return db.query<EffectPlace>(
    `select e.session, e.firing, e.net, e.transition from unnest($2::text[], $3::bigint[]) as g (session, firing)
       join runtime.effects e on e.session = g.session and e.firing = g.firing and e.executor = $1 and e.state = 'leased'`,
    [executor, firings.map((f) => f.session), firings.map((f) => f.firing)], 'effects_places')
}
