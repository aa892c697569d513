import type { Queryable } from '../database.js'

export interface EffectRow {
  readonly session: string
  readonly firing: number
  readonly attempt: number
  readonly net: string
  readonly transition: string
  readonly kind: string
  readonly state: string
  readonly labels: Record<string, string>
  readonly workspace: string
  readonly executor: string | null
  readonly cancel: string | null
  readonly waiting: string
  readonly due_at: Date
  readonly created_at: Date
  readonly leased_at: Date | null
  readonly lease_until: Date | null
  readonly settled_at: Date | null
}

export interface EffectFilter {
  /** null: of all sessions */
  readonly sessions: readonly string[] | null
  readonly net?: string | undefined
  readonly transition?: string | undefined
  readonly state?: string | undefined
  readonly after?: { readonly at: string; readonly session: string; readonly firing: number } | undefined
  readonly limit: number
}

/** Effects, newest first; the request, which may be large, is left out. */
export async function listEffects(db: Queryable, filter: EffectFilter): Promise<EffectRow[]> {
  return db.query<EffectRow>(
    `select session, firing, attempt, net, transition, kind, state, labels, workspace, executor, cancel, waiting,
            due_at, created_at, leased_at, lease_until, settled_at
     from runtime.effects
     where ($1::text[] is null or session = any ($1))
       and ($2::text is null or net = $2) and ($3::text is null or transition = $3) and ($4::text is null or state = $4)
       and ($5::timestamptz is null or (created_at, session, firing) < ($5, $6::text, $7::bigint))
     order by created_at desc, session desc, firing desc
     limit $8`,
    [filter.sessions, filter.net ?? null, filter.transition ?? null, filter.state ?? null,
      filter.after?.at ?? null, filter.after?.session ?? null, filter.after?.firing ?? null, filter.limit])
}
