import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { verdictAnswer, type Decision, type Verdict } from '../../protocol/api/tokens.js'
import type { InboxKind } from '../../protocol/inbox.js'
import { fail } from '../errors.js'
import { findDecisions, type DecisionRow } from '../store/decisions/find.js'
import { keyKnown } from '../store/decisions/known.js'
import type { Context } from './context.js'

export const WAIT = 5_000
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

/** Puts one row in the session's inbox and waits up to 5 s for what its owner decides. */
export async function decide({ poster, decisions }: Context, session: string, kind: InboxKind, key: string, body: object): Promise<Decision> {
  const expected = decisions.expect(session, [key], false)
  try {
    if (!(await poster.post({ session, kind, key, body: JSON.stringify(body) }))) decisions.poke(session)
  } catch (error) {
    void expected.until(0)
    throw error
  }
  return readDecision(session, key, (await expected.until(WAIT)).get(key))
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
export async function lookUpDecision({ db, decisions }: Context, session: string, key: string, wait: boolean): Promise<Decision> {
  const row = wait ? (await decisions.expect(session, [key], true).until(WAIT)).get(key) : (await findDecisions(db, session, [key]))[0]
  if (row) return readDecision(session, key, row)
  const known = await keyKnown(db, session, key)
  if (known?.state === 'waiting') return readDecision(session, key, undefined)
  if (known) return { key, state: 'decided', status: 500, verdicts: [{ status: 500, code: 'poisoned', message: known.error }], href: decisionHref(session, key) }
  return fail('not-found', `session ${session} knows no decision ${key}; decisions are kept for 24 hours`, `agenticos get events ${session} tells what happened`)
}
