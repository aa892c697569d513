import type { Queryable } from '../database.js'

/** Which of these firings recorded calls in earlier attempts, as `session firing`. */
export async function resumed(db: Queryable, firings: readonly { readonly session: string; readonly firing: number }[]): Promise<Set<string>> {
  const rows = await db.query<{ session: string; firing: number }>(
    `select g.session, g.firing from unnest($1::text[], $2::bigint[]) as g (session, firing)
      where exists (select from runtime.calls c where c.session = g.session and c.firing = g.firing and c.state = 'recorded')`,
    [firings.map((f) => f.session), firings.map((f) => f.firing)], 'calls-resumed')
  return new Set(rows.map((row) => `${row.session} ${row.firing}`))
}
