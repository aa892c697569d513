import type { Queryable } from '../database.js'

export interface StatusRow {
  readonly attempted: string
  readonly applied: string
  readonly suspended: boolean
  readonly conditions: Record<string, unknown>[]
  readonly findings: Record<string, unknown>[]
  readonly sessions: number
  readonly nets: number
  readonly tokens: number
  readonly failed: number
  readonly inbox: number
  readonly pending: number
  readonly held: number
  readonly leased: number
  readonly blocked: number
  readonly waiting: number
  readonly ready: number
  readonly draining: number
  readonly gone: number
  readonly engines: number
  readonly stopped: string[]
}

/** How everything is, in one look. */
export async function readStatus(db: Queryable): Promise<StatusRow> {
  const rows = await db.query<StatusRow>(
    `select r.attempted, r.applied, r.suspended, r.conditions, coalesce(v.findings, '[]') as findings,
            (select count(*) from runtime.sessions) as sessions,
            (select coalesce(sum((select count(*) from jsonb_object_keys(g.nets))), 0)::bigint
             from runtime.sessions s join design.generations g using (session, generation)) as nets,
            t.tokens, t.failed, (select count(*) from runtime.inbox) as inbox,
            e.pending, e.held, e.leased, e.blocked, e.waiting, x.ready, x.draining, x.gone,
            (select count(*) from runtime.engines where until > now()) as engines,
            array(select concat_ws('/', session, nullif(net, ''), nullif(transition, ''))
                  from runtime.lifecycle where state = 'stopped' order by 1) as stopped
     from design.repository r
     left join design.revisions v on v.commit = r.attempted
     cross join (
       select count(*) filter (where place not like '%/\\_failed') as tokens, count(*) filter (where place like '%/\\_failed') as failed
       from runtime.tokens) t
     cross join (
       select count(*) filter (where state = 'pending') as pending, count(*) filter (where state = 'held') as held,
              count(*) filter (where state = 'leased') as leased, count(*) filter (where state = 'blocked') as blocked,
              count(*) filter (where waiting_scope <> '' and state in ('pending', 'held')) as waiting
       from runtime.effects) e
     cross join (
       select count(*) filter (where state = 'ready' and seen_at > now() - interval '1 minute') as ready,
              count(*) filter (where state = 'draining' and seen_at > now() - interval '1 minute') as draining,
              count(*) filter (where state = 'gone' or seen_at <= now() - interval '1 minute') as gone
       from runtime.executors) x`)
  return rows[0]!
}
