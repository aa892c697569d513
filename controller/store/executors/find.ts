import type { Queryable } from '../database.js'

export interface ExecutorRow {
  readonly executor: string
  readonly labels: Readonly<Record<string, string>>
  readonly kinds: readonly string[]
  readonly capacity: number
  readonly host: string
  readonly state: 'ready' | 'draining' | 'gone'
  readonly token: string | null
}

const text = 'select executor, labels, kinds, capacity, host, state, token from runtime.executors where executor = $1'

/** One executor by name. */
export async function findExecutor(db: Queryable, name: string): Promise<ExecutorRow | undefined> {
  const [row] = await db.query<ExecutorRow>(text, [name], 'executors_find')
  return row
}
