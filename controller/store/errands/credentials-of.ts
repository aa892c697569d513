import type { Queryable } from '../database.js'

/** What the transition of a firing declares: NAME -> `env:VARIABLE`. */
export async function credentialsOf(db: Queryable, session: string, firing: number): Promise<Readonly<Record<string, string>>> {
  const [row] = await db.query<{ credentials: Record<string, string> | null }>(
    `select request -> 'credentials' as credentials from runtime.effects where session = $1 and firing = $2`, [session, firing], 'errands_credentials_of')
  return row?.credentials ?? {}
}
