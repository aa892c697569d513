/** No connection could be made, and a later attempt may find one: nothing was sent. */
const ABSENT = new Set(['ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', '57P03', '53300'])
/** The connection went away: what was in flight may have been done or not. */
const CUT = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', '57P01', '57P02', '08000', '08003', '08006'])
const CUT_WORDS = /connection terminated|connection ended|not queryable|timeout exceeded when trying to connect|client has encountered a connection error/i

function facts(error: unknown): { code: string, message: string } {
  if (!(error instanceof Error)) return { code: '', message: '' }
  return { code: 'code' in error ? String(error.code) : '', message: error.message }
}

/** The database could not be reached; trying again is safe. */
export function isAbsent(error: unknown): boolean {
  const { code, message } = facts(error)
  if (error instanceof AggregateError && error.errors.some(isAbsent)) return true
  return ABSENT.has(code) || CUT.has(code) || CUT_WORDS.test(message)
}

/** The connection was lost under a statement: its outcome is unknown. */
export function isLost(error: unknown): boolean {
  const { code, message } = facts(error)
  return CUT.has(code) || CUT_WORDS.test(message)
}
