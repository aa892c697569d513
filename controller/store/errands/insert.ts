import type { ErrandRequest } from '../../../protocol/errand.js'
import type { Queryable } from '../database.js'

export interface NewErrand {
  readonly id: string
  readonly session: string
  readonly request: ErrandRequest
  /** the only executor that may do it; '' is any */
  readonly wanted: string
  /** whoever asks waits so long */
  readonly waitMs: number
}

const text = `insert into runtime.errands (id, session, kind, request, state, wanted, until)
  values ($1, $2, $3, $4, 'pending', $5, now() + $6::float8 * interval '1 millisecond')`

/** An errand that waits for an executor. */
export async function insertErrand(db: Queryable, { id, session, request, wanted, waitMs }: NewErrand): Promise<void> {
  await db.query(text, [id, session, request.kind, JSON.stringify(request), wanted, waitMs], 'errands_insert')
}
