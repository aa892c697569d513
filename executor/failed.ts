import type { Outcome } from '../protocol/effect.js'
import type { Json } from '../petri/json.js'

interface More {
  readonly retryable?: boolean
  readonly retryAfterMs?: number | undefined
  readonly detail?: Json
}

/** The outcome of work that failed. Not retryable unless said so. */
export function failed(code: string, message: string, more: More = {}): Outcome {
  const outcome = { status: 'failed' as const, code, message, retryable: more.retryable ?? false, detail: (more.detail ?? null) as never }
  return more.retryAfterMs === undefined ? outcome : { ...outcome, retryAfterMs: Math.round(more.retryAfterMs) }
}
