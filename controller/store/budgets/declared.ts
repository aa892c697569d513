import type { Budget } from '../../../petri/net.js'
import type { Queryable } from '../database.js'

export interface DeclaredBudgets {
  readonly session: string
  readonly generation: number
  readonly budget: Budget | null
  /** only nets that have a budget, or a transition that has one */
  readonly nets: Readonly<Record<string, { readonly budget: Budget | null; readonly transitions: Readonly<Record<string, Budget>> | null }>>
}

const text = `
select s.session, s.generation, g.config -> 'budget' as budget, coalesce((
  select jsonb_object_agg(n.net, jsonb_build_object('budget', n.budget, 'transitions', n.transitions)) from (
    select d.net, d.definition -> 'budget' as budget,
           (select jsonb_object_agg(t.key, t.value -> 'budget') from jsonb_each(d.definition -> 'transitions') as t where t.value ? 'budget') as transitions
      from jsonb_each_text(g.nets) as p join design.nets d on d.session = s.session and d.net = p.key and d.identity = p.value) n
   where n.budget is not null or n.transitions is not null), '{}') as nets
  from runtime.sessions s join design.generations g on g.session = s.session and g.generation = s.generation
 where s.session = any($1)`

/** The budgets that sessions, their nets and transitions are to have: those of the generation they are pointed at. */
export function declaredBudgets(db: Queryable, sessions: readonly string[]): Promise<DeclaredBudgets[]> {
  return db.query<DeclaredBudgets>(text, [sessions], 'budgets-declared')
}
