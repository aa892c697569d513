import type { Json, JsonObject } from '../../petri/json.js'
import type { HttpErrand, LeasedErrand } from '../../protocol/errand.js'
import type { Outcome } from '../../protocol/effect.js'
import { CredentialRefused, Credentials } from '../credentials.js'
import { failed } from '../failed.js'
import { http } from '../kinds/http.js'
import type { Bench } from '../kinds/kind.js'

/** Most bytes that are read, and most that are handed on: the rest is cut off, and said to be. */
const READ = 8 * 1024 * 1024
const TOLD = 256 * 1024
/** Whatever the other side says is an answer; redirects are followed. */
const EXPECT = ['2xx', '304', '4xx', '5xx']

/** One call of HTTP_CALL, under all that holds for http transitions: egress, pinned addresses, credentials, masks, breakers. */
export async function httpCall(errand: LeasedErrand, request: HttpErrand, bench: Bench, signal: AbortSignal): Promise<Outcome> {
  const { method, url, headers, json, text } = request
  let credentials: Credentials
  try {
    credentials = new Credentials(request.credentials, bench.options)
  } catch (error) {
    if (error instanceof CredentialRefused) return failed('credential-refused', error.message)
    throw error
  }
  const outcome = await http({
    session: errand.session, firing: 0, attempt: 1, net: '', transition: '', lease: errand.lease, leaseMs: errand.timeoutMs,
    timeoutMs: errand.timeoutMs, idempotencyKey: errand.id, credentials: request.credentials,
    request: {
      kind: 'http', method, url, headers, query: [], expect: EXPECT, maxBytes: READ,
      ...(json === undefined ? {} : { json }), ...(text === undefined ? {} : { text }),
    },
  }, credentials, bench, signal)
  if (outcome.status === 'failed') return { ...outcome, message: credentials.mask.text(outcome.message).slice(0, 2000), detail: null }
  return { status: 'done', result: shortened(outcome.result as JsonObject) as never }
}

/** A body of more than 256 KiB goes on as the text of its beginning. */
function shortened(answer: JsonObject): JsonObject {
  const whole = 'json' in answer ? JSON.stringify(answer['json']) : String(answer['text'] ?? '')
  const bytes = Buffer.byteLength(whole)
  if (bytes <= TOLD) return answer
  const { json: _, ...rest } = answer
  const told: Json = Buffer.from(whole).subarray(0, TOLD).toString('utf8').replace(/�$/, '')
  return { ...rest, text: told, cut: { bytes, shown: TOLD } }
}
