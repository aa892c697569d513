import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, ModelGrant } from '../../protocol/model.js'
import { CredentialRefused, Credentials } from '../credentials.js'
import type { Bench } from '../kinds/kind.js'
import { isLocal } from '../kinds/http-request.js'
import type { Mask } from '../mask.js'
import { jsonForm, needsJsonForm } from './json-form.js'
import { maskedStream } from './masked-stream.js'
import { ollama } from './ollama.js'
import { openai } from './openai.js'
import { ModelFault, type Ask, type Provider } from './provider.js'
import { replay } from './replay.js'
import { tokenBound } from './token-bound.js'

const TRIES = 3
const FIRST_PAUSE = 250
/** Letters of a fault's message, and of its end. */
const SHOWN = 800
const REMEDY = 200
/** Who asks for more patience than that is left, and the work with it. */
const LONGEST_PAUSE = 30_000
/** What a breaker counts: the server is not well. */
const TROUBLE = new Set<ModelFault['code']>(['transport', 'server-error'])
/** why a call is stopped that took too long: it counts too */
const LATE = 'late'

type Reach = Pick<Bench, 'options' | 'models'>

/**
 * One model call, tried up to three times within the model's timeout; throws ModelFault. An answer that had begun and has a
 * price is not asked for again: its fault says what it used, and another try is another call with a grant of its own.
 */
export async function askModel(bench: Reach, model: ModelGrant, ask: Omit<Ask, 'model'>): Promise<Answer> {
  const { provider, mask } = reach(bench, model)
  const stop = new AbortController()
  const onAbort = (): void => stop.abort()
  const until = performance.now() + model.timeout
  const timer = setTimeout(() => stop.abort(LATE), model.timeout)
  ask.signal.addEventListener('abort', onAbort)
  if (ask.signal.aborted) onAbort()
  const stream = maskedStream(mask, ask.onText)
  const full: Ask = { ...ask, model, signal: stop.signal, onText: stream.text }
  try {
    for (let tries = 1; ; tries++) {
      try {
        const answer = await once(bench, needsJsonForm(full) && model.provider !== 'replay' ? jsonForm(provider) : provider, full)
        stream.end()
        return masked(answer, full, mask)
      } catch (error) {
        const fault = told(error, full, mask)
        const pause = pauseAfter(fault, tries, model)
        if (pause === undefined || performance.now() + pause >= until) throw fault
        await sleep(pause, undefined, { signal: stop.signal }).catch(() => {})
        if (stop.signal.aborted) throw told(new ModelFault('aborted', `the call of ${model.name} was stopped`, false), full, mask)
      }
    }
  } finally {
    clearTimeout(timer)
    ask.signal.removeEventListener('abort', onAbort)
  }
}

async function once({ models }: Reach, provider: Provider, ask: Ask): Promise<Answer> {
  const { model } = ask
  if (model.provider === 'replay') return provider.ask(ask)
  const called = await models.breakers.run(`${model.provider} ${model.url} ${model.model}`, async () => {
    try {
      return { answer: await provider.ask(ask), trouble: false }
    } catch (error) {
      return { error, trouble: error instanceof ModelFault && (TROUBLE.has(error.code) || ask.signal.reason === LATE) }
    }
  })
  if ('open' in called) throw new ModelFault('breaker-open', `${model.name} failed five times in a row; it is left alone for a while`, true, called.retryAfterMs)
  if ('error' in called) throw called.error
  return called.answer
}

function reach({ options, models }: Reach, model: ModelGrant): { provider: Provider, mask: Mask } {
  if (model.provider === 'replay') return { provider: replay(options.recordings), mask: new Credentials({}, options).mask }
  const url = readUrl(model)
  try {
    const credentials = new Credentials(model.key === undefined ? {} : { [model.name]: model.key }, options)
    let authorization: string | undefined
    if (model.key !== undefined) {
      if (url.protocol !== 'https:' && !isLocal(url)) throw new CredentialRefused(`the key of ${model.name} goes over https only, or to this machine`)
      authorization = `Bearer ${credentials.fill({ parts: [{ credential: model.name, base64: false }] }, url.hostname)}`
    }
    return { provider: (model.provider === 'ollama' ? ollama : openai)(models.egress, authorization), mask: credentials.mask }
  } catch (error) {
    if (error instanceof CredentialRefused) throw new ModelFault('no-key', error.message, false, undefined, error)
    throw error
  }
}

function readUrl({ name, url }: ModelGrant): URL {
  try {
    return new URL(url)
  } catch (error) {
    throw new ModelFault('refused', `the url of ${name} in models.yaml is none: ${url}`, false, undefined, error)
  }
}

/** How long to wait before the next try; undefined when there is none. */
function pauseAfter(fault: ModelFault, tries: number, { price }: ModelGrant): number | undefined {
  if (!fault.passing || tries >= TRIES || fault.code === 'breaker-open' || fault.code === 'timeout') return undefined
  if (fault.usage !== undefined && (tries > 1 || price.input > 0 || price.output > 0)) return undefined
  const pause = fault.retryAfterMs ?? FIRST_PAUSE * 4 ** (tries - 1) * (0.5 + Math.random())
  return pause > LONGEST_PAUSE ? undefined : pause
}

/** As much as a person reads, with the remedy at its end. Of a text that is masked already: a cut leaves no half of a secret. */
function briefly(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN - REMEDY)}... ${text.slice(-REMEDY)}`.toWellFormed()
}

/** What went wrong, without a secret. */
function told(error: unknown, ask: Ask, mask: Mask): ModelFault {
  if (!(error instanceof ModelFault)) throw error
  const { model } = ask
  const fault = error.code === 'aborted' && ask.signal.reason === LATE
    ? new ModelFault('timeout', `${model.name} did not answer whole within ${model.timeout} ms`, true)
    : new ModelFault(error.code, briefly(mask.text(error.message)), error.passing, error.retryAfterMs)
  fault.usage = error.usage === undefined ? undefined : atMost(error.usage, ask)
  return fault
}

function masked(answer: Answer, ask: Ask, mask: Mask): Answer {
  const usage = answer.estimated === true ? atMost(answer.usage, ask) : answer.usage
  const calls = answer.calls.map(({ id, name, input }, at) => {
    const shown = mask.text(id)
    // stars would be the id of all of them
    return { id: shown === id ? id : `call_${ask.messages.length}_${at}`, name: mask.text(name), input: mask.json(input) as typeof input }
  })
  return { ...answer, usage, text: mask.text(answer.text), calls }
}

/** An estimate never costs more than was granted. */
function atMost(usage: Answer['usage'], ask: Ask): Answer['usage'] {
  return { ...usage, input: Math.min(usage.input, tokenBound(ask)), output: Math.min(usage.output, ask.maxTokens) }
}
