import type { Json, JsonObject } from '../../petri/json.js'
import type { HttpRequest, Outcome } from '../../protocol/effect.js'
import { CredentialRefused, type Credentials } from '../credentials.js'
import { failed } from '../failed.js'
import type { Mask } from '../mask.js'
import { parseOutput, unread } from '../parse-output.js'
import { retryAfter } from '../retry-after.js'
import { decode } from '../text.js'
import { aborted } from './command.js'
import { EgressRefused } from './egress.js'
import { exchange, Halt, TooLarge, type Headers } from './exchange.js'
import { BadRequest, redirected, sealedParts, wireOf, type Wire } from './http-request.js'
import type { Bench, Kind } from './kind.js'

const REDIRECTS = 5
const STOPPED = 'stopped'
const LATE = 'late'
const RETRYABLE = new Set([408, 425, 429])

interface Answer {
  readonly status: number
  readonly headers: JsonObject
  readonly body: Buffer
  readonly durationMs: number
}

/** http: one request, with its redirects. Nothing is retried here; what may be is said in the outcome. */
export const http: Kind<HttpRequest> = async (effect, credentials, bench, signal) => {
  const { request, timeoutMs } = effect
  const halt = new Halt()
  const stop = (): void => halt.now(STOPPED)
  const timer = setTimeout(() => halt.now(LATE), timeoutMs)
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  try {
    const wire = wireOf(request, effect.idempotencyKey, credentials)
    const called = await bench.breakers.run(wire.url.host, async () => {
      const outcome = await attempt(request, wire, credentials, bench, halt)
        .catch((error: unknown) => outcomeOf(error, wire, signal, halt, timeoutMs, credentials.mask))
      return { outcome, trouble: isTrouble(outcome) }
    })
    if ('outcome' in called) return called.outcome
    return failed('breaker-open', `${wire.url.host} failed five times in a row; it is left alone for a while`, { retryable: true, retryAfterMs: called.retryAfterMs })
  } catch (error) {
    if (error instanceof CredentialRefused) return failed('credential-refused', error.message)
    if (error instanceof BadRequest) return failed('bad-request', error.message)
    throw error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

async function attempt(request: HttpRequest, first: Wire, credentials: Credentials, bench: Bench, halt: Halt): Promise<Outcome> {
  const from = performance.now()
  const sealed = sealedParts(request)
  const isRedirect = (status: number, headers: Headers): boolean =>
    status >= 300 && status < 400 && status !== 304 && typeof headers['location'] === 'string' && !isExpected(request.expect, status)
  let wire = first
  for (let hops = 0; ; hops++) {
    bench.egress.judge(wire.url)
    const { status, headers, body } = await exchange(bench.egress.dispatcher, wire, request.maxBytes, isRedirect, halt)
    if (isRedirect(status, headers)) {
      if (hops === REDIRECTS) return failed('too-many-redirects', `${first.url.host} redirects more than ${REDIRECTS} times`)
      const next = redirected(wire, status, String(headers['location']), sealed)
      if (next === undefined) return failed('bad-redirect', `${wire.url.host} redirects to something that is no URL`)
      wire = next
      continue
    }
    return judge(request, { status, headers: plainHeaders(headers), body, durationMs: Math.round(performance.now() - from) }, credentials.mask)
  }
}

function judge(request: HttpRequest, answer: Answer, mask: Mask): Outcome {
  const { status, headers, body, durationMs } = answer
  const { text, broken } = decode(body)
  const base = { status, headers: mask.json(headers), durationMs }
  const json = isJson(headers) ? parseOutput('json', text) : undefined
  const content: JsonObject = json?.ok ? { json: mask.json(json.value) } : { text: mask.text(text) }
  if (!isExpected(request.expect, status)) {
    const retryable = RETRYABLE.has(status) || status >= 500
    const retryAfterMs = retryable ? retryAfter(headers['retry-after']) : undefined
    const message = `status ${status}, expected ${request.expect.join(' or ')}`
    return failed('unexpected-status', message, { retryable, retryAfterMs, detail: { ...base, text: mask.text(text), ...content } })
  }
  const notes = broken === 0 ? {} : { notes: [`${broken} characters of the answer were no text and became U+FFFD`] }
  if (request.parse === undefined) return { status: 'done', result: { ...base, ...content } as never, ...notes }
  const read = parseOutput(request.parse, text)
  if (!read.ok) return failed('parse-failed', `the answer is no ${request.parse}: ${unread(request.parse, mask.text(text))}`, { detail: { ...base, text: mask.text(text) } })
  return { status: 'done', result: { ...base, value: mask.json(read.value) } as never, ...notes }
}

function outcomeOf(error: unknown, wire: Wire, signal: AbortSignal, halt: Halt, timeoutMs: number, mask: Mask): Outcome {
  const host = wire.url.host
  if (signal.aborted) return aborted(signal, null)
  if (error === halt.reason) return failed('timeout', `${host} did not answer whole within ${timeoutMs} ms`, { retryable: true })
  if (error instanceof EgressRefused) return failed('egress-refused', error.message)
  if (error instanceof CredentialRefused) return failed('credential-refused', error.message)
  if (error instanceof TooLarge) return failed('answer-too-large', `${host}: ${error.message}; raise maxBytes, or ask for less`)
  const code = (error as { code?: unknown }).code
  const message = mask.text(error instanceof Error ? error.message || String(code) : String(error))
  if (code === 'UND_ERR_INVALID_ARG') return failed('bad-request', message)
  return failed('transport', `${host}: ${message}`, { retryable: true })
}

/** What a breaker counts: the host is not well. A refusal of ours, or a 4xx, says nothing of that. */
function isTrouble(outcome: Outcome): boolean {
  if (outcome.status === 'done' || !outcome.retryable) return false
  if (outcome.code === 'transport' || outcome.code === 'timeout') return true
  const status = outcome.code === 'unexpected-status' ? (outcome.detail as { status?: unknown }).status : undefined
  return typeof status === 'number' && status >= 500
}

function isExpected(expect: readonly string[], status: number): boolean {
  return expect.some((one) => (one.endsWith('xx') ? one[0] === String(status)[0] : one === String(status)))
}

function plainHeaders(headers: Headers): JsonObject {
  const entries = Object.entries(headers).map(([name, value]): [string, Json] => [
    name.toLowerCase(), decode(Buffer.from(Array.isArray(value) ? value.join(', ') : value ?? '', 'latin1')).text,
  ])
  return Object.fromEntries(entries)
}

function isJson(headers: JsonObject): boolean {
  return /^application\/(?:[\w.+-]+\+)?json\b/i.test(String(headers['content-type'] ?? ''))
}
