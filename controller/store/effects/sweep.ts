import type { Queryable } from '../database.js'

/** Forgets effects that were decided or withdrawn more than a day ago, with their calls, capabilities and budgets, a portion at a time. */
export async function sweepEffects(db: Queryable, most: number): Promise<number> {
  const rows = await db.query<{ swept: number }>(
    `with old as (select session, firing from runtime.effects
                   where state in ('settled', 'withdrawn') and settled_at < now() - interval '24 hours' and hold = '{}' limit $1),
          calls as (delete from runtime.calls c using old where c.session = old.session and c.firing = old.firing),
          capabilities as (delete from runtime.capabilities c using old where c.session = old.session and c.firing = old.firing),
          budgets as (delete from runtime.budgets b using old where b.scope = 'firing:' || old.session || '/' || old.firing and b.period = 'firing'),
          gone as (delete from runtime.effects e using old where e.session = old.session and e.firing = old.firing returning 1)
     select count(*) as swept from gone`,
    [most], 'effects-sweep')
  return rows[0]!.swept
}
