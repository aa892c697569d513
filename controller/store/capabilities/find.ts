import type { Queryable } from '../database.js'

export interface CapabilityRow {
  readonly id: string
  readonly hash: string
  readonly session: string
  readonly firing: number
  readonly role: string
  readonly net: string | null
  readonly transition: string | null
  /** its effect is leased under its lease, at its attempt, and the lease has not run out */
  readonly leased: boolean
  readonly cancelled: boolean
  /** a stop stands over the transition, its net, its session or everything */
  readonly stopped: boolean
}

/** Capabilities and whether they are good now, by one probe of each index; the clock is the database's. */
export async function findCapabilities(db: Queryable, ids: readonly string[]): Promise<CapabilityRow[]> {
  return db.query<CapabilityRow>(
    `select c.id, c.hash, c.session, c.firing, c.role, e.net, e.transition,
            coalesce(e.state = 'leased' and e.lease = c.lease and e.attempt = c.attempt and e.lease_until > now(), false) as leased,
            e.cancel is not null as cancelled,
            exists (select from runtime.lifecycle l where l.state <> 'running' and l.session in (c.session, '*')
                      and l.net in (e.net, '') and l.transition in (e.transition, '')) as stopped
     from runtime.capabilities c
     left join runtime.effects e on e.session = c.session and e.firing = c.firing
     where c.id = any ($1)`,
    [ids], 'capabilities-find')
}
