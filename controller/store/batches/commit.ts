import type { Queryable } from '../database.js'

/** A batch as the database takes it. Lists run side by side: the i-th id, place, by ... make one token. */
export interface BatchRow {
  readonly session: string
  readonly owner: string
  readonly fence: number
  readonly head: string
  readonly newHead: string
  readonly first: number
  readonly last: number
  /** milliseconds */
  readonly at: number
  readonly wakeAt: number | undefined
  readonly adopted: number
  readonly kind: 'batch' | 'snapshot'
  readonly transitions: readonly string[]
  readonly correlations: readonly string[]
  /** JSON array text; undefined when there is no event */
  readonly events: string | undefined
  readonly gone: readonly number[]
  readonly ids: readonly number[]
  readonly places: readonly string[]
  readonly by: readonly string[]
  /** array literals such as `{1,2}` */
  readonly parents: readonly string[]
  readonly depths: readonly number[]
  readonly correlation: readonly string[]
  /** JSON array text of the values */
  readonly data: string
  readonly inbox: readonly number[]
  /** JSON object text of the rarer parts (0003-commit.sql), or undefined */
  readonly rest: string | undefined
}

/** What the compare-and-set raises when the session is not the caller's at that head. */
export const STALE = 'AN001'

/** Commits a batch in one call of one function; answers the database's clock in milliseconds. */
export async function commitBatch(db: Queryable, row: BatchRow): Promise<number> {
  const rows = await db.query<{ clock: number }>(
    `select runtime.commit_batch($1, $2, $3, $4, $5, $6, $7, to_timestamp($8 / 1000.0), to_timestamp($9 / 1000.0), $10, $11, $12, $13, $14,
       $15::bigint[], $16::bigint[], $17::text[], $18::text[], $19::text[], $20::integer[], $21::text[], $22::json, $23::bigint[], $24::json) as clock`,
    [row.session, row.owner, row.fence, row.head, row.newHead, row.first, row.last, row.at, row.wakeAt ?? null, row.adopted, row.kind,
      row.transitions, row.correlations, row.events ?? null, plain(row.gone), plain(row.ids), texts(row.places), texts(row.by), texts(row.parents), plain(row.depths),
      texts(row.correlation), row.data, plain(row.inbox), row.rest ?? null],
    'batch-commit')
  return rows[0]!.clock
}

const PLAIN = /^(?!null$)[\w/-]+$/i

/** An array literal of texts; a plain word needs no quotes, and most of ours are. */
function texts(values: readonly string[]): string {
  return `{${values.map((value) => (PLAIN.test(value) ? value : `"${value.replace(/[\\"]/g, '\\$&')}"`)).join(',')}}`
}

/** An array literal of numbers, made by hand: the driver quotes each one. */
function plain(values: readonly number[]): string {
  return `{${values.join(',')}}`
}
