import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import type { Dispatcher } from 'undici'
import type { Wire } from './http-request.js'

// A handler of our own: undici's request() with its stream and abort signal cost three times as much as a small call.

export type Headers = Readonly<Record<string, string | string[] | undefined>>

export interface Exchanged {
  readonly status: number
  readonly headers: Headers
  /** unpacked */
  readonly body: Buffer
}

export class TooLarge extends Error {
  override readonly name = 'TooLarge'
}

/** Ends calls from outside: whichever runs, or the next one. */
export class Halt {
  #end: ((reason: Error) => void) | undefined
  reason: Error | undefined

  set(end: ((reason: Error) => void) | undefined): void {
    this.#end = end
    if (this.reason !== undefined) end?.(this.reason)
  }

  now(why: string): void {
    this.reason ??= new Error(why)
    this.#end?.(this.reason)
  }
}

const REDIRECT_BODY = 65_536

/** One request and its answer. Rejects with TooLarge at the first byte beyond `limit`, packed or not; a redirect's body is let go. */
export async function exchange(dispatcher: Dispatcher, wire: Wire, limit: number, isRedirect: (status: number, headers: Headers) => boolean, halt: Halt): Promise<Exchanged> {
  const { status, headers, body } = await new Promise<Exchanged>((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined
    let status = 0
    let headers: Headers = {}
    let room = limit
    let dropped = false
    const chunks: Buffer[] = []
    const end = (reason: Error): void => {
      reject(reason)
      controller?.abort(reason)
    }
    halt.set(end)
    dispatcher.dispatch({
      origin: wire.url.origin, path: wire.url.pathname + wire.url.search, method: wire.method as 'GET', headers: wire.headers,
      body: wire.body ?? null, headersTimeout: 0, bodyTimeout: 0,
    }, {
      onRequestStart(given) {
        controller = given
        if (halt.reason !== undefined) given.abort(halt.reason)
      },
      onResponseStart(_, code, given) {
        status = code
        headers = given
        dropped = isRedirect(code, given)
        if (dropped) room = REDIRECT_BODY
      },
      onResponseData(given, chunk) {
        room -= chunk.length
        if (room >= 0) {
          if (!dropped) chunks.push(chunk)
          return
        }
        const reason = new TooLarge(`the answer has more than ${limit} bytes`)
        if (dropped) resolve({ status, headers, body: Buffer.alloc(0) })
        else reject(reason)
        given.abort(reason)
      },
      onResponseEnd: () => resolve({ status, headers, body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks) }),
      onResponseError: (_, error) => reject(error),
    })
  }).finally(() => halt.set(undefined))
  return { status, headers, body: body.length === 0 ? body : await unpack(body, String(headers['content-encoding'] ?? ''), limit) }
}

const unpackers: Readonly<Record<string, (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>> = {
  'gzip': promisify(gunzip), 'x-gzip': promisify(gunzip), 'deflate': promisify(inflate), 'br': promisify(brotliDecompress),
}

async function unpack(body: Buffer, encoding: string, limit: number): Promise<Buffer> {
  const name = encoding.trim().toLowerCase()
  if (!Object.hasOwn(unpackers, name)) return body
  try {
    return await unpackers[name]!(body, { maxOutputLength: limit })
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') throw new TooLarge(`the answer has more than ${limit} bytes`)
    throw error
  }
}
