import type { Json, JsonObject } from '../../petri/json.js'
import { canonicalText } from '../../petri/canonical.js'
import type { Outcome } from '../../protocol/effect.js'
import type { AskedCall, Message } from '../../protocol/model.js'
import { callSubject } from '../../tools/call-subject.js'
import { resultWords } from '../../tools/result-words.js'
import type { Exchange } from './call.js'
import type { Finish } from './finish.js'
import { frame } from './frame.js'
import { onlyReads } from './offer.js'
import { Over } from './over.js'
import type { Tally } from './tally.js'
import { made, type Begun, type ToolResult } from './tool-desk.js'

const AT_ONCE = 8
const LONGEST_NAME = 64
const HOW = 'Ask for less: name fields, a limit, a cursor, or a narrower question.'

export interface Toolbox {
  readonly exchange: Exchange
  readonly tally: Tally
  readonly finish: Finish
}

/** The calls of one answer: what only reads side by side, all else one by one, in order. Gives the results as messages, or how the firing ended. */
export async function performCalls(box: Toolbox, calls: readonly AskedCall[]): Promise<readonly Message[] | Outcome> {
  const messages: Message[] = []
  for (let at = 0; at < calls.length;) {
    let to = at + 1
    if (isRead(calls[at]!)) while (to < calls.length && to - at < AT_ONCE && isRead(calls[to]!)) to += 1
    // Numbers are given before anything is sent: going on later gives the same ones.
    const group = calls.slice(at, to).map((asked) => ({ asked, begun: begin(box, asked) }))
    const results = await Promise.allSettled(group.map(({ asked, begun }) => perform(box, asked, begun)))
    for (const [index, settled] of results.entries()) {
      if (settled.status === 'rejected') throw settled.reason
      const { asked, begun } = group[index]!
      const result = settled.value
      if ('status' in result) return result
      messages.push(toldOf(box, asked, begun?.call ?? 0, result))
    }
    at = to
  }
  return messages
}

/** undefined: it is wrong already as it was asked. */
function begin({ exchange, tally }: Toolbox, asked: AskedCall): Begun | undefined {
  if (isWrong(asked) !== undefined) return undefined
  const over = tally.call()
  if (over !== undefined) throw new Over(over)
  return exchange.transcript.tool(asked.name)
}

async function perform({ exchange, finish }: Toolbox, asked: AskedCall, begun: Begun | undefined): Promise<ToolResult | Outcome> {
  if (begun === undefined) return isWrong(asked)!
  exchange.progress.say('call', oneLine(callSubject(asked.input as Json)), asked.name)
  const input = asked.input as Json
  if (asked.name === 'DONE' || asked.name === 'FAIL') return finish.by(asked.name, input as JsonObject, begun)
  return made(exchange, asked.name, input, begun)
}

function toldOf({ exchange, tally }: Toolbox, asked: AskedCall, call: number, result: ToolResult): Message {
  const line = `${asked.name.slice(0, LONGEST_NAME)} ${oneLine(asked.input)} ${result.ok ? 'ok' : `refused: ${oneLine(result.output)}`}`.slice(0, 400)
  exchange.progress.say('result', result.ok ? `ok ${oneLine(resultWords(asked.name, result.output))}` : `refused ${oneLine(result.output)}`, asked.name)
  const over = tally.result(asked.name, asked.input as Json, result.output, result.ok, line)
  if (over !== undefined) throw new Over(over)
  const left = tally.iterationsLeft <= 3 ? `\n[${tally.iterationsLeft} turns are left: call DONE, or FAIL]` : ''
  const named = { tool: asked.name.slice(0, LONGEST_NAME), call, ...(result.ok ? {} : { refused: 'yes' }) }
  return { role: 'tool', id: asked.id, name: asked.name, text: frame('result', named, result.output, HOW) + left }
}

function isRead(asked: AskedCall): boolean {
  return onlyReads(asked.name) && isWrong(asked) === undefined
}

/** What nobody needs to be asked about. */
function isWrong({ name, input }: AskedCall): ToolResult | undefined {
  if (name.length > LONGEST_NAME) return wrong('not-found', 'no tool has a name that long', 'use one of the tools that you were given')
  if (typeof input === 'string') return wrong('bad-json', `the parameters of ${name} are no JSON: ${input.slice(0, 200)}`, 'write the parameters as one JSON object')
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return wrong('bad-request', `the parameters of ${name} are no object`, 'write the parameters as one JSON object')
  return undefined
}

function wrong(code: string, message: string, remedy: string): ToolResult {
  return { ok: false, code, remedy, output: { code, message: message.toWellFormed(), remedy } }
}

function oneLine(value: unknown): string {
  const text = typeof value === 'string' ? value : canonicalText(value as Json)
  return (text.length > 160 ? `${text.slice(0, 157)}...` : text).replace(/\s+/g, ' ').toWellFormed()
}
