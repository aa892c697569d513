import { createHash, randomUUID } from 'node:crypto'
import { canonicalText } from '../../../petri/canonical.js'
import { isObject, type Json, type JsonObject } from '../../../petri/json.js'
import { nearest } from '../../../petri/nearest.js'
import { misread } from '../../../protocol/misread.js'
import type { Caller } from '../../../tools/caller.js'
import { offered, TOOLS } from '../../../tools/catalog.js'
import { reaches, showRole } from '../../../tools/role.js'
import { Refusal, type Tool } from '../../../tools/tool.js'
import { fail, Failure } from '../../errors.js'
import type { Context } from '../context.js'
import type { Bound } from './bound.js'
import { createDesk } from './desk.js'
import { fitAnswer } from './fit-answer.js'
import { masked } from './mask.js'
import { noteOf } from './note.js'
import { isForbidden } from './refusal-status.js'

export interface CallOptions {
  /** number of the call in its firing: the same number is the same call, and is done once */
  readonly call?: number | undefined
  /** of callers without a firing: the same key is the same call */
  readonly key?: string | undefined
  readonly signal: AbortSignal
}

/**
 * The one point where tool calls are authorised, whichever way they come: tool, role, parameters, sessions, the call's
 * number. Each call and each refusal is an event. Throws Refusal or Failure.
 */
export async function callTool(context: Context, caller: Caller, name: string, input: Json, options: CallOptions): Promise<Json> {
  const began = performance.now()
  const { firing } = caller
  const call = firing === undefined ? undefined : options.call
  const numbered = firing !== undefined && call !== undefined
  const bound: Bound = {
    caller, signal: options.signal, touched: new Set(),
    key: numbered ? `tool-${firing.session}-${firing.firing}-${call}` : `tool-${firing?.session ?? 'token'}-${options.key === undefined ? randomUUID() : createHash('sha256').update(`${caller.draft} ${options.key}`).digest('hex')}`,
  }
  const settle = async (output: Json, error: Refusal | Failure | undefined, again: boolean): Promise<void> => {
    const code = error?.code
    const passing = error instanceof Failure && error.fate === 'transient'
    // what may pass by itself is no outcome: the same number is tried again
    await context.tools.book.write({
      session: firing?.session ?? [...bound.touched][0] ?? caller.session,
      note: {
        ...noteOf(caller), type: code !== undefined && (isForbidden(code) || code === 'call-reused') ? 'tool.refused' : 'tool.called', tool: name.slice(0, 100), input: masked(input),
        ok: code === undefined, ...(error === undefined ? {} : { code: error.code, message: masked(error.message.slice(0, 500)) }), ...(call === undefined ? {} : { call }), ...(again ? { repeated: true } : {}),
        durationMs: Math.round((performance.now() - began) * 10) / 10,
      },
      ...(numbered && !again && !passing && code !== 'call-reused' ? { outcome: { session: firing.session, firing: firing.firing, call, output: JSON.stringify(output), refused: code !== undefined } } : {}),
    })
  }
  let again = false
  try {
    const kept = numbered ? await begin(context, caller, call, name, input) : undefined
    again = kept !== undefined
    if (kept?.refused) throw refusalFrom(kept.output)
    const answer = kept ? kept.output : await run(context, bound, name, input)
    await settle(answer, undefined, again)
    return answer
  } catch (error) {
    const told = error instanceof Refusal || error instanceof Failure ? error : new Failure('internal', 'the controller failed at this call', 'its log has the cause', { cause: error })
    await settle(errorValue(told), told, again)
    throw error
  }
}

/** What was recorded of this number before; undefined: it is to be done now. */
async function begin(context: Context, caller: Caller, call: number, name: string, input: Json): Promise<{ output: Json; refused: boolean } | undefined> {
  const { session, firing } = caller.firing!
  const digest = createHash('sha256').update(`${name}\n${canonicalText(input)}`).digest('hex')
  const row = await context.tools.book.begin({ session, firing, call, tool: name.slice(0, 100), digest, input: JSON.stringify(input) })
  if (row.kind !== 'tool' || row.digest !== digest) throw new Refusal('call-reused', `call ${call} of firing ${firing} was ${row.kind === 'tool' ? `${row.name} with other parameters` : 'a model call'}`, 'give each call a number of its own')
  return row.state === 'recorded' ? { output: row.output as Json, refused: row.refused } : undefined
}

async function run(context: Context, bound: Bound, name: string, input: Json): Promise<Json> {
  const tool = toolFor(bound.caller, name)
  const read = tool.parameters.safeParse(input ?? {})
  if (!read.success) {
    const told = misread(read.error.issues[0]!, tool.parameters)
    throw new Refusal('bad-parameters', `${name}${told.path === '' ? '' : ` ${told.path}`}: ${told.message}`, told.remedy ?? `${name} takes ${Object.keys(tool.parameters.shape).join(', ') || 'no parameters'}`)
  }
  const answer = tool.answer.safeParse(withoutGaps(await tool.run(read.data as never, createDesk(context, bound))))
  if (!answer.success) {
    context.log.error({ tool: name, issues: answer.error.issues.slice(0, 3) }, 'a tool gave an answer of another form than it says')
    fail('internal', `${name} gave an answer of another form than it says`, 'it is a fault of the program: report it')
  }
  return fitAnswer(withoutGaps(answer.data) as Json)
}

/** The tool of that name, when the caller's role reaches its tier. */
function toolFor({ role, name: who }: Caller, name: string): Tool {
  const tool = TOOLS.get(name)
  if (tool === undefined) {
    const near = nearest(name, TOOLS.keys())
    return fail('not-found', `there is no tool ${name.slice(0, 100)}`, `${near === undefined ? '' : `did you mean ${near}? `}yours are ${offered(role).map((one) => one.name).join(', ')}`)
  }
  if (!reaches(role, tool.tier)) {
    throw new Refusal('forbidden-tool', `${name} is of tier ${tool.tier}, and ${who} has the role ${showRole(role)}`, 'do without it; a person gives roles, in the net or with the access token')
  }
  return tool
}

/** Without keys that hold undefined: JSON has none, and schemas of answers say optional. */
function withoutGaps(value: unknown): unknown {
  if (!isObject(value as Json)) return value
  return Object.fromEntries(Object.entries(value as object).filter(([, inner]) => inner !== undefined))
}

/** A failure as a caller, a model and the transcript are told of it. */
export function errorValue(error: Refusal | Failure): JsonObject {
  const details = error.details as Json | undefined
  return { code: error.code, message: error.message, remedy: error.remedy, ...(details === undefined ? {} : { details }) }
}

function refusalFrom(output: Json): Refusal {
  const { code, message, remedy, details } = (isObject(output) ? output : {}) as { code?: string; message?: string; remedy?: string; details?: Json }
  return new Refusal(code ?? 'internal', message ?? 'it was refused', remedy ?? '', details)
}
