import { INBOX, type InboxBody, type InboxKind, type PutVerdict } from '../../protocol/inbox.js'
import type { WaitingRow } from '../store/inbox/read.js'
import type { LoadedToken } from '../store/tokens/load.js'
import { decideApproval } from './approval.js'
import type { Batch } from './batch.js'
import { deadLetter } from './dead-letter.js'
import { move, remove } from './move.js'
import { tell } from './note.js'
import { applyLifecycle, type Own } from './own.js'
import { put } from './put.js'
import { receive } from './receive.js'
import { settle } from './settle.js'
import { shift } from './shift.js'
import { fireOne } from './step.js'

/** What the owner answers to a row with a key; kept a day. */
interface Decision {
  readonly status: number
  readonly body: unknown
}

/** Rows whose tokens may lie in the table only: load.ts fetches them before the batch is made. */
export function namedTokens(rows: readonly WaitingRow[]): string[] {
  return rows.flatMap((row) => {
    if (row.kind !== 'move' && row.kind !== 'remove' && row.kind !== 'dead') return []
    const body = JSON.parse(row.body) as { tokens?: string[]; token?: string }
    return body.tokens ?? (body.token === undefined ? [] : [body.token])
  })
}

/** Decides one row, in the batch at hand. A row that cannot be read at all is thrown: it is poison. */
export function decide(own: Own, batch: Batch, row: WaitingRow, stored: ReadonlyMap<number, LoadedToken>): void {
  const decision = verdict(own, batch, row, stored)
  batch.inbox.push(row.id)
  batch.rows.set(row.kind, (batch.rows.get(row.kind) ?? 0) + 1)
  if (row.key !== null && decision !== undefined) batch.rest.decisions.push({ key: row.key, status: decision.status, body: JSON.stringify(decision.body) })
}

function bodyOf<K extends InboxKind>(kind: K, row: WaitingRow): InboxBody<K> {
  return INBOX[kind].parse(JSON.parse(row.body)) as InboxBody<K>
}

function verdict(own: Own, batch: Batch, row: WaitingRow, stored: ReadonlyMap<number, LoadedToken>): Decision | undefined {
  switch (row.kind) {
    case 'put': {
      const verdicts = put(own, batch, JSON.parse(row.body) as InboxBody<'put'>)
      return { status: verdicts.length === 1 ? verdicts[0]!.status : 207, body: verdicts }
    }
    case 'outcome':
      settle(own, batch, JSON.parse(row.body) as InboxBody<'outcome'>)
      return undefined
    case 'revision':
      return undefined
    case 'lifecycle':
      return lifecycle(own, batch, bodyOf('lifecycle', row))
    case 'move':
      return move(own, batch, bodyOf('move', row), stored)
    case 'remove':
      return remove(own, batch, bodyOf('remove', row), stored)
    case 'dead':
      return deadLetter(own, batch, bodyOf('dead', row), stored)
    case 'send':
      receive(own, batch, bodyOf('send', row), row.key ?? '')
      return undefined
    case 'approval':
      decideApproval(own, batch, bodyOf('approval', row))
      return undefined
    case 'note':
      tell(batch, bodyOf('note', row))
      return undefined
    case 'fire':
      return fireNow(own, batch, bodyOf('fire', row))
    default:
      throw new Error(`no such kind of inbox row: ${row.kind}`)
  }
}

/** The lifecycle itself was written when the person was answered; this tells the log, and the marking. */
function lifecycle(own: Own, batch: Batch, body: InboxBody<'lifecycle'>): Decision {
  if (body.shiftMs > 0) shift(own, batch, body)
  else batch.note('lifecycle.changed', body)
  if (body.state === 'running' && body.transition === '' && body.net === '') batch.rest.condition = null
  applyLifecycle(own)
  return { status: 200, body: [{ status: 200 } satisfies PutVerdict] }
}

/** One firing now, though the transition is stopped or its tick has not come. */
function fireNow(own: Own, batch: Batch, body: InboxBody<'fire'>): Decision {
  const state = own.marking.transitions.get(`${body.net}/${body.transition}`)
  const answer = (status: number, code: string, message: string, remedy: string): Decision => ({ status, body: [{ status, code, message, remedy }] })
  if (state === undefined) return answer(404, 'no-such-transition', `session ${own.session} runs no transition ${body.net}/${body.transition}`, `see: agenticos get transitions ${own.session}`)
  if (!state.program.runnable) return answer(409, 'not-runnable', `${body.net}/${body.transition} cannot run yet`, `see why: agenticos describe ${own.session}/${body.net}`)
  const before = batch.firings
  fireOne(own, batch, state)
  own.marking.wake(state)
  if (batch.firings === before) return answer(409, 'nothing-binds', `nothing in the marking enables ${body.net}/${body.transition} now`, `see its inputs: agenticos describe ${own.session}/${body.net}/${body.transition}`)
  return { status: 200, body: [{ status: 200 }] }
}
