import type { Queryable } from '../database.js'

export interface LifecycleRow {
  readonly session: string
  readonly net: string
  readonly transition: string
  readonly state: 'deployed' | 'running' | 'stopped'
  readonly by: string
  readonly reason: string
  readonly at: Date
}

/** What people decided about a session and about everything (null: about all sessions). */
export async function listLifecycle(db: Queryable, session: string | null): Promise<LifecycleRow[]> {
  return db.query<LifecycleRow>(
    `select session, net, transition, state, by, reason, at from runtime.lifecycle
     where $1::text is null or session in ($1, '*') order by session, net, transition`,
    [session])
}
