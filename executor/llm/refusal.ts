import type { ModelGrant } from '../../protocol/model.js'
import { retryAfter } from '../retry-after.js'
import type { Refusal } from './post.js'
import { ModelFault } from './provider.js'

const TOO_LONG = /context[_ ](?:length|window|size)|maximum context|too many tokens|(?:prompt|input|request) (?:is |was )?too long|input length exceeds|exceed_context_size/i

interface Told {
  readonly message: string
  readonly code: string
}

/** What it means that a model server refused. */
export function refusalFault(model: ModelGrant, host: string, refusal: Refusal): ModelFault {
  const { status } = refusal
  const told = bodyTold(refusal.text)
  const why = `${host} answers ${status}${told.message === '' ? '' : `: ${told.message}`}`
  const wait = retryAfter(refusal.headers['retry-after'])
  if (status === 401 || status === 403) return new ModelFault('unauthorized', `${why}; ${keyRemedy(model)}`, false)
  if (status === 404) return new ModelFault('not-found', `${why}; ${notFoundRemedy(model)}`, false)
  if (status === 402 || told.code === 'insufficient_quota') return new ModelFault('refused', `${why}; the account behind ${model.key ?? 'this model'} has nothing left`, false)
  if (status === 429 || status === 503 || status === 529) return new ModelFault('overloaded', why, true, wait)
  if (status === 408 || status === 425 || status === 409 || status >= 500) return midwayOr('server-error', why, told, true, wait)
  if (status < 400) return new ModelFault('refused', `${why}: it redirects, which is not followed; write in models.yaml where it leads`, false)
  return midwayOr('refused', why, told, false)
}

/** An error that a server tells inside of an answer that began well. */
export function midwayFault(host: string, error: unknown): ModelFault {
  const told = read(error)
  const why = `${host} broke off: ${told.message || 'it does not say why'}`
  return /rate|overload|429|503|529/i.test(told.code) ? new ModelFault('overloaded', why, true) : midwayOr('server-error', why, told, true)
}

/** A request that is too long is told by some with 400, by some with 500, and by some in the stream. */
function midwayOr(code: 'server-error' | 'refused', why: string, told: Told, passing: boolean, wait?: number): ModelFault {
  if (TOO_LONG.test(told.code) || TOO_LONG.test(told.message)) return new ModelFault('too-long', why, false)
  return new ModelFault(code, why, passing, wait)
}

function keyRemedy({ name, key }: ModelGrant): string {
  return key === undefined ? `give model ${name} a key in models.yaml (key: env:VARIABLE), and list VARIABLE in AGENTICOS_CREDENTIALS of the executor`
    : `check the value of ${key} in the environment of the executor`
}

function notFoundRemedy({ provider, model, url }: ModelGrant): string {
  if (provider === 'ollama') return `get the model with: ollama pull ${model}, or check url ${url} in models.yaml (without /v1)`
  return `check model ${model} and url ${url} in models.yaml (most end in /v1); of an Ollama server, get it with: ollama pull ${model}`
}

function bodyTold(text: string): Told {
  try {
    const body = JSON.parse(text) as { readonly error?: unknown, readonly detail?: unknown, readonly message?: unknown }
    return read(body.error ?? body.detail ?? body.message ?? text)
  } catch {
    return read(text)
  }
}

function read(error: unknown): Told {
  if (typeof error !== 'object' || error === null) return { message: shown(error), code: '' }
  const { message, code, type } = error as { readonly message?: unknown, readonly code?: unknown, readonly type?: unknown }
  return { message: shown(message ?? error), code: String(code ?? type ?? '') }
}

/** In one line, and whole: what is cut before it is masked may end in half a key. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value)
  return text.toWellFormed().replace(/[\0-\x1f\x7f\s]+/g, ' ').trim()
}
