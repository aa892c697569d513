import { randomUUID } from 'node:crypto'
import { API } from '../../protocol/api.js'
import type { EventAnswer } from '../../protocol/api/history.js'
import type { ProgressItem } from '../../protocol/ledger.js'
import { ProblemError } from '../../protocol/client.js'
import { CliFailure } from '../failure.js'
import { follow } from '../follow.js'
import type { Shell } from '../shell.js'
import { Turn, type Happening } from './turn.js'

export const SYSTEM = 'system'
export const NET = 'coordinator'
const REQUESTS = { session: SYSTEM, net: NET, place: 'requests' }

export const ROLES = ['rl', 'rwl', 'rwxl', 'rwxhl'] as const
export type ChatRole = (typeof ROLES)[number]

/** What a person says who they are and what they want, kept over the turns of one conversation. */
export interface Asked {
  /** correlation id of all its tokens: the same one goes on with memory, draft and proposal */
  readonly conversation: string
  readonly session: string
  readonly role: ChatRole | undefined
  readonly model: string | undefined
}

export function newConversation(): string {
  return `chat-${randomUUID()}`
}

/** Puts a request and follows its turn to the end. Aborting `signal` stops watching, not the turn: `cancelTurn` ends it. */
export async function ask(shell: Shell, asked: Asked, text: string, signal: AbortSignal, show: (turn: Turn, happening: Happening) => void, begun: (turn: Turn) => void = () => {}): Promise<Turn> {
  const { conversation, session, role, model } = asked
  const data = { text, conversation, session, ...(role === undefined ? {} : { role }), ...(model === undefined ? {} : { model }) }
  const { seq } = await shell.client().call(API.getSession, { params: { session: SYSTEM }, signal })
  const ended = new AbortController()
  let turn: Turn | undefined
  const early: (() => void)[] = []
  const feed = (happenings: (turn: Turn) => Happening[]): void => {
    if (turn === undefined) return void early.push(() => feed(happenings))
    for (const happening of happenings(turn)) show(turn, happening)
    if (turn.reply !== undefined) ended.abort()
  }
  // watched before it is asked, so that its first words are heard
  const watching = follow({ ...shell, signal: AbortSignal.any([signal, ended.signal]) }, SYSTEM, seq, { correlation: conversation, progress: 'true' },
    (event: EventAnswer) => feed((one) => one.see(event)), (item: ProgressItem) => feed((one) => one.hear(item)))
  try {
    turn = new Turn(await put(shell, conversation, data, signal))
    begun(turn)
    for (const late of early.splice(0)) late()
    await watching
    return turn
  } finally {
    ended.abort()
    await watching.catch(() => undefined)
  }
}

async function put(shell: Shell, conversation: string, data: Readonly<Record<string, string>>, signal: AbortSignal): Promise<string> {
  const key = randomUUID()
  const answer = await shell.client().call(API.putToken, { params: REQUESTS, body: { data, correlationId: conversation }, key, signal })
  for (let href = answer.id; ;) {
    if (href !== undefined) return href
    const decision = await shell.client().call(API.getDecision, { params: { session: SYSTEM, key: answer.key }, query: { wait: 'true' }, signal })
    const [verdict] = decision.verdicts
    if (decision.state === 'waiting') continue
    if (verdict?.id === undefined) throw new CliFailure(verdict?.message ?? 'the request was not taken', verdict?.remedy ?? `agenticos status`)
    href = verdict.id
  }
}

/** Ends a turn that runs: its firing is cancelled, or the request is taken back before one begins. */
export async function cancelTurn(shell: Shell, turn: Turn): Promise<void> {
  try {
    if (turn.firing === undefined) await shell.client().call(API.removeTokens, { params: { session: SYSTEM }, body: { tokens: [turn.request] } })
    else await shell.client().call(API.cancelFiring, { params: { session: SYSTEM, firing: turn.firing }, body: {} })
  } catch (error) {
    // it ended by itself meanwhile
    if (!(error instanceof ProblemError && (error.problem.status === 404 || error.problem.status === 409))) throw error
  }
}
