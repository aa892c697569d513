import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { verdictAnswer, type Decision, type Verdict } from '../../protocol/api/tokens.js'
import type { InboxKind } from '../../protocol/inbox.js'
import { fail } from '../errors.js'
import type { Database } from '../store/database.js'
import { findDecisions, type DecisionRow } from '../store/decisions/find.js'
import { keyKnown } from '../store/decisions/known.js'
import { dropDecided } from '../store/inbox/drop-decided.js'
import { insertInbox } from '../store/inbox/insert.js'
import type { Hub } from './hub.js'

const WAIT = 5_000
const verdicts = z.array(verdictAnswer).or(verdictAnswer)

/** A key the client gave, or a fresh one. */
export function readKey(header: string | string[] | undefined): string {
  if (header === undefined) return randomUUID()
  if (typeof header === 'string' && /^[\x21-\x7e]{1,180}$/.test(header)) return header
  return fail('bad-request', 'header Idempotency-Key: 1 to 180 visible ASCII characters', 'send a UUID, or leave the header out')
}

export function decisionHref(session: string, key: string): string {
  return `/v1/sessions/${session}/decisions/${encodeURIComponent(key)}`
}

/** Puts one row in the session's inbox; a key that was decided already, or is just now, puts none. */
export async function postRow(db: Database, session: string, kind: InboxKind, key: string, body: object): Promise<void> {
  await db.transaction(async (tx) => {
    await insertInbox(tx, [{ session, kind, key, body: JSON.stringify(body) }])
    await dropDecided(tx, session, [key])
  })
  db.notify('inbox', session)
}

/** Puts one row in the session's inbox and waits up to 5 s for what its owner decides. */
export async function decide(db: Database, hub: Hub, session: string, kind: InboxKind, key: string, body: object): Promise<Decision> {
  await postRow(db, session, kind, key, body)
  const found = await awaitDecisions(db, hub, session, [key], WAIT)
  return readDecision(session, key, found.get(key))
}

/** Waits until all keys are decided or the time is up; what was decided by then. */
export async function awaitDecisions(db: Database, hub: Hub, session: string, keys: readonly string[], ms: number): Promise<Map<string, DecisionRow>> {
  const found = new Map<string, DecisionRow>()
  const end = performance.now() + ms
  for (;;) {
    const left = end - performance.now()
    // asked for before the look, so that what is decided in between is not missed
    const stop = new AbortController()
    const news = hub.news('decided', session, Math.max(1, Math.min(left, 1_000)), stop.signal)
    const open = keys.filter((key) => !found.has(key))
    for (const row of await findDecisions(db, session, open)) found.set(row.key, row)
    if (found.size >= keys.length || left <= 0 || hub.signal.aborted) {
      stop.abort()
      return found
    }
    await news
  }
}

export function readDecision(session: string, key: string, row: DecisionRow | undefined): Decision {
  const href = decisionHref(session, key)
  if (!row) return { key, state: 'waiting', status: 202, verdicts: [], href }
  const read = verdicts.safeParse(row.body === '' ? { status: row.status } : withStatus(JSON.parse(row.body), row.status))
  const list: Verdict[] = !read.success ? [{ status: row.status }] : Array.isArray(read.data) ? read.data : [read.data]
  return { key, state: 'decided', status: row.status, verdicts: list, href }
}

function withStatus(body: unknown, status: number): unknown {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? { status, ...body } : body
}

/** The decision of a key, whoever asks and whenever (kept 24 h). */
export async function lookUpDecision(db: Database, hub: Hub, session: string, key: string, wait: boolean): Promise<Decision> {
  const found = await awaitDecisions(db, hub, session, [key], wait ? WAIT : 0)
  const row = found.get(key)
  if (row) return readDecision(session, key, row)
  const known = await keyKnown(db, session, key)
  if (known?.state === 'waiting') return readDecision(session, key, undefined)
  if (known) return { key, state: 'decided', status: 500, verdicts: [{ status: 500, code: 'poisoned', message: known.error }], href: decisionHref(session, key) }
  return fail('not-found', `session ${session} knows no decision ${key}; decisions are kept for 24 hours`, `agenticos get events ${session} tells what happened`)
}
