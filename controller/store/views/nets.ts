import type { Queryable } from '../database.js'

export interface NetRow {
  readonly session: string
  readonly net: string
  readonly title: string
  readonly path: string
  readonly blob: string
  readonly identity: string
  readonly commit: string
  readonly generation: number
  readonly adopted: number
  readonly condition: Record<string, unknown> | null
  readonly created_at: Date
  readonly places: number
  readonly transitions: number
  readonly stalled: { transition: string; reason: string; message: string }[]
  readonly findings: Record<string, unknown>[]
  readonly tokens: number
  readonly failed: number
  readonly effects: number
}

/** The applied nets after `session/net` (or one of a session, exactly), with what is in them now. */
export async function listNets(db: Queryable, session: string | null, net: string | null, after: string, limit: number): Promise<NetRow[]> {
  return db.query<NetRow>(
    `with nets as materialized (
       select s.session, m.net, m.identity, s.generation, s.adopted, s.condition, g.commit
       from runtime.sessions s
       join design.generations g on g.session = s.session and g.generation = s.generation
       cross join lateral jsonb_each_text(g.nets) as m(net, identity)
       where ($1::text is null or s.session = $1) and ($2::text is null or m.net = $2) and s.session || '/' || m.net > $3
       order by s.session || '/' || m.net limit $4)
     select n.session, n.net, n.identity, n.generation, n.adopted, n.condition, n.commit,
            coalesce(d.definition ->> 'title', '') as title, d.path, d.blob, d.created_at, d.findings,
            (select count(*) from jsonb_object_keys(d.definition -> 'places')) as places,
            (select count(*) from jsonb_object_keys(d.definition -> 'transitions')) as transitions,
            coalesce(d.definition -> 'stalled', '[]') as stalled,
            coalesce(t.tokens, 0) as tokens, coalesce(t.failed, 0) as failed, coalesce(e.effects, 0) as effects
     from nets n
     join design.nets d on d.session = n.session and d.net = n.net and d.identity = n.identity
     left join lateral (
       select count(*) filter (where place <> n.net || '/_failed') as tokens, count(*) filter (where place = n.net || '/_failed') as failed
       from runtime.tokens where session = n.session and place >= n.net || '/' and place < n.net || '0') t on true
     left join lateral (
       select count(*) as effects from runtime.effects
       where session = n.session and net = n.net and state in ('pending', 'held', 'leased', 'blocked')) e on true
     order by n.session || '/' || n.net`,
    [session, net, after, limit])
}
