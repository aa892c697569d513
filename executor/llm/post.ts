import type { Dispatcher } from 'undici'
import { EgressRefused, type Egress } from '../kinds/egress.js'
import { decode } from '../text.js'
import { Lines } from './lines.js'
import { ModelFault } from './provider.js'

// The dispatcher's own handler, as for http of nets: fetch with an SDK's stream on it costs three times as much as the call.

/** An answer on the wire has framing around every few letters: so much more than its text may be. */
const MOST = 256 * 1024 * 1024
const REFUSAL = 64 * 1024

export interface Posting {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** An answer that is no success. */
export interface Refusal {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

/** Posts, and hands over the answer line by line; resolves at its end, with the refusal if it was one. Throws ModelFault. */
export async function post(egress: Egress, posting: Posting, signal: AbortSignal, line: (line: string) => void): Promise<Refusal | undefined> {
  const { url } = posting
  try {
    egress.judge(url)
    return await dispatched(egress.dispatcher, posting, signal, line)
  } catch (error) {
    if (error instanceof ModelFault) throw error
    if (error instanceof EgressRefused) throw new ModelFault('egress-refused', error.message, false, undefined, error)
    if (error instanceof RangeError) throw new ModelFault('bad-answer', `${url.host}: ${error.message}`, false, undefined, error)
    const { code, message } = error as { readonly code?: unknown, readonly message?: string }
    if (code === 'UND_ERR_INVALID_ARG') throw new ModelFault('refused', `${url.host} cannot be asked: ${message}`, false, undefined, error)
    throw new ModelFault('transport', `${url.host}: ${message || String(code)}`, true, undefined, error)
  }
}

function dispatched(dispatcher: Dispatcher, { url, headers, body }: Posting, signal: AbortSignal, line: (line: string) => void): Promise<Refusal | undefined> {
  return new Promise<Refusal | undefined>((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined
    let refusal: { status: number, headers: Refusal['headers'] } | undefined
    const told: Buffer[] = []
    let room = MOST
    const end = (error: Error): void => {
      reject(error)
      controller?.abort(error)
    }
    const stop = (): void => end(new ModelFault('aborted', `the call of ${url.host} was stopped`, false))
    const over = (): void => signal.removeEventListener('abort', stop)
    const lines = new Lines(line)
    /** What a line says may end it: nothing is thrown into the dispatcher. */
    const read = (act: () => void): void => {
      try {
        act()
      } catch (error) {
        end(error as Error)
      }
    }
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop)
    dispatcher.dispatch({
      origin: url.origin, path: url.pathname + url.search, method: 'POST', headers, body, headersTimeout: 0, bodyTimeout: 0,
    }, {
      onRequestStart(given) {
        controller = given
        if (signal.aborted) given.abort(new Error('stopped'))
      },
      onResponseStart(_, status, given) {
        if (status >= 300) {
          refusal = { status, headers: given }
          room = REFUSAL
        }
      },
      onResponseData(_, chunk) {
        room -= chunk.length
        if (refusal === undefined && room < 0) return end(new RangeError(`the answer has more than ${MOST} bytes`))
        if (refusal === undefined) return read(() => lines.push(chunk))
        told.push(chunk)
        if (room >= 0) return
        over()
        resolve({ ...refusal, text: decode(Buffer.concat(told)).text })
        controller?.abort(new Error('a refusal so long is not read to its end'))
      },
      onResponseEnd() {
        over()
        if (refusal === undefined) read(() => lines.end())
        resolve(refusal === undefined ? undefined : { ...refusal, text: decode(Buffer.concat(told)).text })
      },
      onResponseError(_, error) {
        over()
        reject(error)
      },
    })
  })
}
