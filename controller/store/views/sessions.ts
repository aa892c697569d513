import type { Queryable } from '../database.js'

export interface SessionRow {
  readonly session: string
  readonly title: string
  readonly generation: number
  readonly adopted: number
  readonly seq: number
  readonly head: string
  readonly at: Date
  readonly condition: Record<string, unknown> | null
  readonly commit: string
  readonly created_at: Date | null
  readonly nets: number
  readonly tokens: number
  readonly failed: number
  readonly inbox: number
  readonly effects: number
}

/** Sessions after a name (or one, exactly), with what is in them now. */
export async function listSessions(db: Queryable, one: string | null, after: string, limit: number): Promise<SessionRow[]> {
  return db.query<SessionRow>(
    `with page as materialized (
       select * from runtime.sessions where ($1::text is null or session = $1) and session > $2 order by session limit $3)
     select s.session, s.generation, s.adopted, s.seq, s.head, s.at, s.condition,
            coalesce(g.config ->> 'title', '') as title, coalesce(g.commit, '') as commit, g.created_at,
            coalesce((select count(*) from jsonb_object_keys(g.nets)), 0) as nets,
            t.tokens, t.failed, i.inbox, e.effects
     from page s
     left join design.generations g on g.session = s.session and g.generation = s.generation
     cross join lateral (
       select count(*) filter (where place not like '%/\\_failed') as tokens, count(*) filter (where place like '%/\\_failed') as failed
       from runtime.tokens where session = s.session) t
     cross join lateral (select count(*) as inbox from runtime.inbox where session = s.session) i
     cross join lateral (
       select count(*) as effects from runtime.effects
       where session = s.session and state in ('pending', 'held', 'leased', 'blocked')) e
     order by s.session`,
    [one, after, limit])
}
