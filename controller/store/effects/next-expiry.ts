import type { Queryable } from '../database.js'

const text = `select extract(epoch from lease_until - now())::float8 * 1000 as ms from runtime.effects
  where state = 'leased' order by lease_until limit 1`

/** Milliseconds until the first lease ends; undefined when nothing is leased. */
export async function nextExpiry(db: Queryable): Promise<number | undefined> {
  const [row] = await db.query<{ ms: number | null }>(text, [], 'effects_next_expiry')
  return row?.ms ?? undefined
}
