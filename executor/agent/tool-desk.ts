import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Json, JsonObject } from '../../petri/json.js'
import { passes, Refused } from '../controller-client.js'
import { PUT_BACK } from '../kinds/kind.js'
import { putBack, type Exchange } from './call.js'
import { Over } from './over.js'

export interface ToolResult {
  readonly ok: boolean
  /** the answer, or what was wrong and what to do instead */
  readonly output: Json
  /** of a refusal */
  readonly code?: string
  readonly remedy?: string
}

/** A tool call with its number, and what an earlier attempt recorded of it. */
export type Begun = ReturnType<Exchange['transcript']['tool']>

/** QUERY_TOKENS and others wait for a minute when they are told to. */
const POST_MS = 150_000
const anyJson = z.json()

/** The result of a call that has its number: the recorded one, or that of the controller. */
export async function made(exchange: Exchange, name: string, input: Json, { call, recorded }: Begun): Promise<ToolResult> {
  if (recorded === undefined) return callTool(exchange, name, input, call)
  return recorded.refused ? { ok: false, output: recorded.output, code: codeOf(recorded.output) } : { ok: true, output: recorded.output }
}

function codeOf(output: Json): string {
  const code = typeof output === 'object' && output !== null && !Array.isArray(output) ? (output as JsonObject)['code'] : undefined
  return typeof code === 'string' ? code : 'tool-refused'
}

/** One tool call by the controller, which authorises it. The same number and input give the same result, however often it is sent. */
async function callTool(exchange: Exchange, name: string, input: Json, call: number): Promise<ToolResult> {
  const { bench, effect, signal } = exchange
  const as = { token: effect.capability ?? '', headers: { 'x-agenticos-call': String(call) } }
  for (let attempt = 1; ; attempt++) {
    if (signal.aborted) throw new Over(exchange.stopped())
    try {
      return { ok: true, output: await bench.client.post(`/v1/tools/${encodeURIComponent(name)}`, input, anyJson, POST_MS, signal, as) as Json }
    } catch (error) {
      if (signal.aborted) throw new Over(exchange.stopped())
      if (passes(error)) {
        await sleep(Math.min(5000, 50 * 2 ** attempt) * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {})
        continue
      }
      const refused = error as Refused
      if (refused.status !== 401) return refusal(refused)
      // The capability is no longer good: a stop stands, or the lease is another's.
      await putBack(exchange)
      throw new Over(PUT_BACK)
    }
  }
}

function refusal({ code, message, remedy, problem }: Refused): ToolResult {
  const details = problem?.details === undefined ? {} : { details: problem.details as Json }
  const findings = problem?.findings === undefined ? {} : { findings: problem.findings as unknown as Json }
  return { ok: false, code, remedy, output: { code, message, remedy, ...details, ...findings } }
}
