const UNSTORABLE = /\\u0000|\\u[dD][89a-fA-F]/

/** JSON that Postgres keeps: NUL and halves of pairs, which models may write, become U+FFFD. */
export function storable<T>(value: T): T {
  // Almost no answer has one; JSON text shows it, for a half alone is written as an escape.
  return UNSTORABLE.test(JSON.stringify(value)) ? (mended(value) as T) : value
}

function mended(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '\uFFFD')
  if (Array.isArray(value)) return value.map(mended)
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [mended(key), mended(inner)]))
  return value
}
