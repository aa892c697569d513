import type { Queryable } from '../database.js'

/** A firing that awaits a person. */
export interface AwaitingRow {
  readonly session: string
  readonly firing: number
  readonly net: string
  readonly transition: string
  readonly kind: string
  /** protocol/effect.ts effectOrder */
  readonly request: { readonly request: object; readonly credentials: Readonly<Record<string, string>>; readonly timeoutMs: number }
  /** controller/engine/own.ts Hold */
  readonly hold: { readonly revision: string; readonly bound: readonly (number | readonly number[] | null)[]; readonly at: number; readonly correlation: string }
  /** 0: none is open yet */
  readonly proposal: number
  readonly expires: Date | null
  /** its time is up, and no stop stands over it */
  readonly expired: boolean
}

const text = `
select e.session, e.firing, e.net, e.transition, e.kind, e.request, e.hold, e.proposal, e.expires_at as expires,
       coalesce(e.expires_at <= now(), false) and not exists (
         select from runtime.lifecycle l where l.state <> 'running' and l.session in (e.session, '*') and l.net in (e.net, '') and l.transition in (e.transition, '')) as expired
  from runtime.effects e where e.state = 'awaiting' and (e.session, e.firing) > ($1, $2) order by e.session, e.firing limit $3`

/** Firings that await a person, a page at a time, in order of session and firing. */
export function listAwaiting(db: Queryable, after: { readonly session: string; readonly firing: number }, most: number): Promise<AwaitingRow[]> {
  return db.query<AwaitingRow>(text, [after.session, after.firing, most], 'approvals-list')
}
