import type { Queryable } from '../database.js'
import type { Expired } from './expire.js'

const text = `
with lost as (
  select e.session, e.firing, e.attempt, e.workspace, w.executor
  from runtime.workspaces w
  join runtime.executors x on x.executor = w.executor and x.state = 'gone' and w.begun
  join runtime.effects e on e.session = w.session and e.workspace = w.workspace and e.workspace <> '' and e.state = 'pending' and e.due_at <= now()
  order by e.session, e.firing limit 1000 for update of e skip locked
), settled as (
  update runtime.effects e set state = 'settled', settled_at = now()
  from lost l where e.session = l.session and e.firing = l.firing
), sent as (
  insert into runtime.inbox (session, kind, key, body)
  select session, 'outcome', 'outcome:' || firing || ':' || attempt, jsonb_build_object(
    'firing', firing, 'attempt', attempt, 'executor', executor, 'outcome', jsonb_build_object(
      'status', 'failed', 'code', 'workspace-lost', 'retryable', false, 'detail', null,
      'message', format('workspace %s is on executor %s, which is gone; start it again, or use another workspace text', workspace, executor)))::text
  from lost
)
select session, firing, attempt, executor from lost`

/** Fails due commands whose workspace is on an executor that is gone: never silently on an empty directory. */
export function loseWorkspaces(db: Queryable): Promise<Expired[]> {
  return db.query<Expired>(text, [], 'effects_lose_workspaces')
}
