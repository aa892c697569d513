import type { Queryable } from '../database.js'

export interface TokenRow {
  readonly id: string
  readonly hash: string
  readonly kind: 'bootstrap' | 'executor'
  /** of an executor token: the executor's name */
  readonly name: string
  /** null unless this is the token that its executor registered with */
  readonly labels: Readonly<Record<string, string>> | null
  readonly kinds: readonly string[] | null
}

const text = `select t.id, t.hash, t.kind, t.name, x.labels, x.kinds
  from runtime.access_tokens t left join runtime.executors x on t.kind = 'executor' and x.executor = t.name and x.token = t.id
  where t.hash = $1 and t.kind in ('bootstrap', 'executor') and t.revoked_at is null and (t.expires_at is null or t.expires_at > now())`

/** The valid bootstrap or executor token with this SHA-256, and the executor that holds it. */
export async function findToken(db: Queryable, hash: string): Promise<TokenRow | undefined> {
  const [row] = await db.query<TokenRow>(text, [hash], 'executors_find_token')
  return row
}
