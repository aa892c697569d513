import type { Token } from '../../../petri/token.js'
import type { Queryable } from '../database.js'

/** A batch as the database takes it. */
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
  readonly born: Iterable<Token>
  readonly inbox: readonly number[]
  /** JSON object text of the rarer parts (0003-commit.sql), or undefined */
  readonly rest: string | undefined
}

/** What the compare-and-set raises when the session is not the caller's at that head. */
export const STALE = 'AN001'

/** A batch written out as the statement's parameters: done beforehand, so that the database does not wait for it. */
export type WrittenBatch = readonly unknown[]

export function writeBatch(row: BatchRow): WrittenBatch {
  return [row.session, row.owner, row.fence, row.head, row.newHead, row.first, row.last, row.at, row.wakeAt ?? null, row.adopted, row.kind,
    row.transitions, row.correlations, row.events ?? null, plain(row.gone), ...columns(row.born), plain(row.inbox), row.rest ?? null]
}

/** Commits a batch in one call of one function; answers the database's clock in milliseconds. */
export async function commitBatch(db: Queryable, batch: WrittenBatch): Promise<number> {
  const rows = await db.query<{ clock: number }>(
    `select runtime.commit_batch($1, $2, $3, $4, $5, $6, $7, to_timestamp($8 / 1000.0), to_timestamp($9 / 1000.0), $10, $11, $12, $13, $14,
       $15::bigint[], $16::bigint[], $17::text[], $18::text[], $19::text[], $20::integer[], $21::text[], $22::json, $23::bigint[], $24::json) as clock`,
    batch, 'batch-commit')
  return rows[0]!.clock
}

const PLAIN = /^(?!null$)[\w/-]+$/i

/** The tokens as columns: array literals side by side, and their values as one JSON array. One pass, for there may be thousands. */
function columns(tokens: Iterable<Token>): string[] {
  let [ids, places, by, parents, depths, correlation, data] = ['', '', '', '', '', '', '']
  let comma = ''
  for (const token of tokens) {
    ids += comma + token.id
    places += comma + text(token.place)
    by += comma + text(token.producedBy)
    parents += `${comma}"{${token.parents.join(',')}}"`
    depths += comma + token.depth
    correlation += comma + text(token.correlationId)
    data += comma + token.text
    comma = ','
  }
  return [`{${ids}}`, `{${places}}`, `{${by}}`, `{${parents}}`, `{${depths}}`, `{${correlation}}`, `[${data}]`]
}

/** An element of an array literal; a plain word needs no quotes, and most of ours are. */
function text(value: string): string {
  return PLAIN.test(value) ? value : `"${value.replace(/[\\"]/g, '\\$&')}"`
}

/** An array literal of numbers, made by hand: the driver quotes each one. */
function plain(values: readonly number[]): string {
  return `{${values.join(',')}}`
}
