import type { Queryable } from '../../controller/store/database.js'

const OURS = `n.nspname in ('design', 'runtime', 'public')`
/** Months of the log come and go. */
const LASTING = `c.relname !~ '^segments_\\d{4}_\\d{2}'`

/** What each kind of thing in our schemas is, as text that Postgres itself writes; one line of name order each. */
const PARTS: readonly (readonly [title: string, query: string])[] = [
  ['tables', `
    select format(E'%s %I.%I%s (\\n%s\\n)%s', case c.relkind when 'p' then 'partitioned table' else 'table' end, n.nspname, c.relname,
      case when c.relispartition then ' partition ' || pg_get_expr(c.relpartbound, c.oid) else '' end,
      (select string_agg(format('  %I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then ' not null' else '' end,
        case when a.attidentity <> '' then ' generated always as identity' when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end), E',\\n' order by a.attnum)
       from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
      coalesce(' ' || pg_get_partkeydef(c.oid), '') || coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', '')) as text
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where ${OURS} and ${LASTING} and c.relkind in ('r', 'p') order by n.nspname, c.relname`],
  ['constraints', `
    select format('%I.%I %s', n.nspname, c.relname, pg_get_constraintdef(k.oid)) as text
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    where ${OURS} and ${LASTING} and k.contype <> 'n' order by n.nspname, c.relname, k.contype, pg_get_constraintdef(k.oid)`],
  ['indexes', `
    select pg_get_indexdef(i.indexrelid) as text
    from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
    where ${OURS} and ${LASTING} order by pg_get_indexdef(i.indexrelid)`],
  ['views', `
    select format(E'view %I.%I as\\n%s', n.nspname, c.relname, pg_get_viewdef(c.oid)) as text
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where ${OURS} and c.relkind in ('v', 'm') order by n.nspname, c.relname`],
  ['triggers', `
    select pg_get_triggerdef(t.oid) as text
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where ${OURS} and ${LASTING} and not t.tgisinternal order by c.relname, t.tgname`],
  ['functions', `
    select pg_get_functiondef(p.oid) as text
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where ${OURS} order by n.nspname, p.proname`],
]

/** The whole schema as one stable text: the embedded Postgres comes without pg_dump. */
export async function dumpSchema(db: Queryable): Promise<string> {
  const parts: string[] = ['-- What all migrations together make, as the database tells it. Written by the tests: npx vitest run test/controller/store/schema.test.ts -u']
  for (const [title, query] of PARTS) {
    const rows = await db.query<{ text: string }>(query)
    parts.push(`-- ${title}\n${rows.map(({ text }) => text.trimEnd()).join('\n')}`)
  }
  return `${parts.join('\n\n')}\n`
}
