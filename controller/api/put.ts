import { canonicalText, utf8Length } from '../../petri/canonical.js'
import type { Json } from '../../petri/json.js'
import { DEFAULT_LIMITS } from '../../petri/net.js'
import type { Verdict } from '../../protocol/api/tokens.js'
import { fail } from '../errors.js'
import type { Queryable } from '../store/database.js'
import { inboxWaiting } from '../store/inbox/waiting.js'
import { inboxLimit } from '../store/views/inbox-limit.js'
import type { AppliedPlace } from './applied.js'

/** Refuses a put to a place that holds no tokens itself. */
export function requirePuttable({ place, owner }: AppliedPlace, name: string): void {
  if (owner.sends === undefined && place.sends === undefined) return
  fail('conflict', `place ${name} sends to ${owner.sends ?? place.sends} and holds no tokens itself`, `put the token there: agenticos put ${owner.sends ?? place.sends}`)
}

/** What the rules of the applied place say against a token at once; undefined when they say nothing. */
export function judgePut({ owner, judge }: AppliedPlace, data: Json): Verdict & { details?: Json } | undefined {
  const bytes = utf8Length(canonicalText(data))
  if (bytes > owner.maxBytes) {
    return {
      status: 413, code: 'too-large', message: `the token has ${bytes} bytes, and place ${owner.address} takes ${owner.maxBytes}`,
      remedy: 'send less and keep the bulk in a file, or raise maxBytes of the place (8 MiB at most)',
    }
  }
  const misfits = judge(data)
  if (misfits.length === 0) return undefined
  const first = misfits[0]!
  return {
    status: 422, code: 'token-misfit', message: `the token does not fit the schema of ${owner.address}: ${first.path === '' ? '' : `${first.path} `}${first.message}`,
    remedy: `send a token that fits; agenticos describe of the place shows its schema`, details: { problems: misfits.slice(0, 20).map((misfit) => ({ ...misfit })) },
  }
}

const FULL_FOR = 250

/** Refuses with 429 while more than `limits.inbox` rows wait; counted at most four times a second a session. */
export function createInboxGate(db: Queryable) {
  const seen = new Map<string, { at: number; full: boolean; most: number }>()
  return async (session: string): Promise<void> => {
    const known = seen.get(session)
    const now = performance.now()
    let state = known
    if (!state || now - state.at > FULL_FOR) {
      const most = (await inboxLimit(db, session)) ?? DEFAULT_LIMITS.inbox
      state = { at: now, most, full: (await inboxWaiting(db, session, most)) >= most }
      if (seen.size > 1_000) seen.clear()
      seen.set(session, state)
    }
    if (state.full) {
      fail('inbox-full', `${state.most} rows wait for session ${session} already`, 'wait and send again with the same Idempotency-Key; agenticos status shows whether the session gets on')
    }
  }
}
