import { fail } from '../errors.js'

/** A cursor is opaque to clients: the values after which the next page begins. */
export function writeCursor(values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

/** Reads a cursor of ours with as many values; one from elsewhere is 400. */
export function readCursor(text: string | undefined, kinds: readonly ('string' | 'number')[]): (string | number)[] | undefined {
  if (text === undefined) return undefined
  try {
    const values: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    const fits = Array.isArray(values) && values.length === kinds.length &&
      values.every((value, nth) => typeof value === kinds[nth] && (typeof value !== 'number' || Number.isSafeInteger(value)) && !String(value).includes('\0'))
    if (fits) return values as (string | number)[]
  } catch {
    // said below
  }
  return fail('bad-request', 'query cursor: it is none that this list gave', 'take the cursor from `next` of the page before, or leave it out')
}

export interface Page<T> {
  readonly items: T[]
  readonly next?: string
}

/** One page out of `limit + 1` rows: the cursor stands when there was one more. */
export function pageOf<R, T>(rows: readonly R[], limit: number, cursorOf: (row: R) => readonly (string | number)[], show: (row: R) => T): Page<T> {
  const kept = rows.slice(0, limit)
  const last = kept.at(-1)
  return { items: kept.map(show), ...(rows.length > limit && last !== undefined ? { next: writeCursor(cursorOf(last)) } : {}) }
}

export const iso = (date: Date): string => date.toISOString()
export const isoOrNull = (date: Date | null): string | null => date?.toISOString() ?? null
