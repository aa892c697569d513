import { setTimeout as sleep } from 'node:timers/promises'
import type { Json } from '../../petri/json.js'
import type { LeasedEffect, Outcome } from '../../protocol/effect.js'
import type { GrantVerdict } from '../../protocol/ledger.js'
import type { Answer, Message, ModelGrant } from '../../protocol/model.js'
import { failed } from '../failed.js'
import { PUT_BACK, type Bench } from '../kinds/kind.js'
import type { RecordCall } from '../ledger.js'
import { askModel } from '../llm/ask-model.js'
import { ModelFault, type OfferedTool } from '../llm/provider.js'
import { tokenBound } from '../llm/token-bound.js'
import { Over } from './over.js'
import type { Progress } from './progress.js'
import type { Transcript } from './transcript.js'

/** What the calls of one firing have in common. */
export interface Exchange {
  readonly effect: LeasedEffect
  readonly bench: Bench
  /** ends with the lease, a stop, or the time of the effect */
  readonly signal: AbortSignal
  readonly transcript: Transcript
  readonly progress: Progress
  /** resolves when the signal is aborted */
  readonly halted: Promise<void>
  /** how the firing ends when the signal says so */
  readonly stopped: () => Outcome | typeof PUT_BACK
  /** what a failure keeps */
  readonly partial: () => Json
  /** the model that answered last: the next call begins with it */
  model: ModelGrant
}

export interface Wanted {
  readonly purpose: RecordCall['purpose']
  readonly messages: readonly Message[]
  /** those that no earlier call had sent */
  readonly sent: readonly Message[]
  /** upper bound of its input tokens, where it is known already */
  readonly bound?: number
  readonly tools: readonly OfferedTool[]
  readonly schema?: Json | undefined
  readonly temperature?: number | undefined
  readonly maxTokens: (model: ModelGrant) => number
}

/** Faults after which another model may do better. */
const ELSEWHERE = new Set<ModelFault['code']>(['not-found', 'unauthorized', 'no-key', 'breaker-open', 'egress-refused'])
/** An answer that broke off is asked for again, as a call of its own. */
const TRIES = 3
/** A wait this short is waited here: putting back and leasing again would take as long. */
const SHORT_MS = 2_000
const BYTES_A_TOKEN = 3

/** The first of a firing's models. Throws Over where there is none. */
export function firstModel(effect: LeasedEffect): ModelGrant {
  const model = effect.models?.[0]
  if (model !== undefined) return model
  const asked = 'model' in effect.request ? effect.request.model : undefined
  throw new Over(failed('no-model', `${asked === undefined ? 'models.yaml names no model' : `models.yaml knows no model ${asked}`}: add one by a proposal, or name one that is there`))
}

/** One model call: granted, made, recorded; or taken from the record. Throws Over when the firing ends by it, ModelFault `too-long` for the caller. */
export async function callModel(exchange: Exchange, wanted: Wanted): Promise<Answer> {
  const { effect, transcript } = exchange
  const recorded = transcript.answer(wanted.purpose)
  const models = effect.models ?? []
  if (recorded !== undefined) {
    exchange.model = models.find(({ name }) => name === recorded.model) ?? exchange.model
    return recorded.answer
  }
  let sent = wanted.sent
  let last: ModelFault | undefined
  const order = [exchange.model, ...models.filter((other) => other !== exchange.model)]
  for (let tries = 1; tries <= order.length || (last?.usage !== undefined && last.passing && tries <= TRIES); tries++) {
    const model = order[(tries - 1) % order.length]!
    if (last !== undefined) exchange.progress.say('step', `${last.message}; trying ${model.name}`)
    const answer = await tryModel(exchange, wanted, model, sent)
    sent = []
    if (!(answer instanceof ModelFault)) {
      exchange.model = model
      return answer
    }
    last = answer
    if (!last.passing && !ELSEWHERE.has(last.code)) break
  }
  if (last?.code === 'too-long') throw last
  throw new Over(modelFailed(last!, models.length, exchange.partial()))
}

/** The outcome of a firing whose models do not answer. */
export function modelFailed(fault: ModelFault, models: number, detail: Json): Outcome {
  const more = { retryable: fault.passing, retryAfterMs: fault.retryAfterMs, detail: { fault: fault.code, partial: detail } }
  return failed('model-failed', `${fault.message}${models > 1 ? ` (the last of ${models} models that were tried)` : ''}`, more)
}

async function tryModel(exchange: Exchange, wanted: Wanted, model: ModelGrant, sent: readonly Message[]): Promise<Answer | ModelFault> {
  const { effect, bench, signal, transcript, progress } = exchange
  const { session, firing, attempt, lease } = effect
  const call = transcript.number()
  const maxTokens = Math.max(1, Math.min(model.maxOutput, wanted.maxTokens(model)))
  const ref = { session, firing, attempt, lease, call }
  const ask = {
    model, messages: wanted.messages, tools: wanted.tools, schema: wanted.schema, temperature: wanted.temperature, maxTokens, signal,
    idempotencyKey: `${session}/${firing}/${call}`,
  }
  const granted = await grant(exchange, { ...ref, model: model.name, most: { input: wanted.bound ?? tokenBound(ask), output: maxTokens } })
  if (granted === 'again') return tryModel(exchange, wanted, model, sent)
  if (granted !== undefined) return granted

  const from = performance.now()
  let streamed = 0
  const common = { ...ref, model: model.name, sent: [...sent], purpose: wanted.purpose }
  try {
    const answer = await askModel(bench, model, {
      ...ask,
      onText(text) {
        streamed += text.length
        progress.text(text)
      },
    })
    await record(exchange, { ...common, answer, usage: answer.usage, durationMs: Math.round(performance.now() - from) })
    return answer
  } catch (error) {
    if (!(error instanceof ModelFault)) throw error
    const usage = error.usage ?? (error.code === 'aborted' || streamed > 0 ? guessed(ask.messages, streamed) : { input: 0, cached: 0, output: 0 })
    const recording = record(exchange, { ...common, usage, error: { code: error.code, message: error.message.slice(0, 2000) }, durationMs: Math.round(performance.now() - from) })
    // Whoever stops the work waits for no book-keeping: it goes on by itself.
    if (signal.aborted) {
      recording.catch(() => {})
      throw new Over(exchange.stopped())
    }
    await recording
    return error
  }
}

/** undefined: granted. An answer: it was made before. `again`: this number is used up. */
async function grant(exchange: Exchange, call: Parameters<Bench['ledger']['grant']>[0]): Promise<Answer | 'again' | undefined> {
  const { bench: { ledger }, signal, progress } = exchange
  for (;;) {
    if (signal.aborted) throw new Over(exchange.stopped())
    let verdict: GrantVerdict
    try {
      verdict = await ledger.grant(call, signal)
    } catch (error) {
      if (signal.aborted) throw new Over(exchange.stopped())
      throw error
    }
    switch (verdict.verdict) {
      case 'granted':
        return undefined
      case 'recorded':
        return verdict.answer
      case 'wait':
        progress.say('waiting', verdict.message)
        if (verdict.until !== undefined && verdict.until <= SHORT_MS) {
          await sleep(verdict.until, undefined, { signal }).catch(() => {})
          continue
        }
        await ledger.wait(refOf(exchange.effect), verdict.scope, verdict.message, verdict.until)
        throw new Over(PUT_BACK)
      case 'refused': {
        // An attempt before this one made it, and it came to nothing: another number.
        if (verdict.code === 'call-failed' || verdict.code === 'call-number-taken') return 'again'
        const detail = { partial: exchange.partial() }
        throw new Over(verdict.code === 'budget-exceeded' ? failed('budget-exceeded', verdict.message, { detail }) : failed('call-refused', verdict.message, { detail: { ...detail, refused: verdict.code } }))
      }
      case 'lost':
        await putBack(exchange)
        throw new Over(exchange.signal.aborted ? exchange.stopped() : PUT_BACK)
    }
  }
}

async function record(exchange: Exchange, call: RecordCall): Promise<void> {
  const recorded = exchange.bench.ledger.record(call)
  recorded.catch(() => {})
  // An answer is used only when it is durable; a stop does not wait for that.
  const taken = await Promise.race([recorded, exchange.halted])
  if (exchange.signal.aborted && call.answer !== undefined) throw new Over(exchange.stopped())
  if (taken?.verdict === 'lost') throw new Over(PUT_BACK)
}

/** Nobody may call for this firing now: it goes on when a stop is over, or is another's already. */
export async function putBack({ bench, effect }: Pick<Exchange, 'bench' | 'effect'>): Promise<void> {
  await bench.ledger.giveBack(refOf(effect)).catch(() => {})
}

export function refOf({ session, firing, attempt, lease }: LeasedEffect) {
  return { session, firing, attempt, lease }
}

/** What a call that broke off has used, as far as anybody can tell here. */
function guessed(messages: readonly Message[], streamed: number): { input: number, cached: number, output: number } {
  const bytes = messages.reduce((sum, message) => sum + message.text.length, 0)
  return { input: Math.ceil(bytes / BYTES_A_TOKEN), cached: 0, output: Math.ceil(streamed / BYTES_A_TOKEN) }
}
