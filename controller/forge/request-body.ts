import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

class TooLarge extends Error {}

export function tooLarge(error: unknown): boolean {
  return error instanceof TooLarge
}

/** The body of a request, unpacked, up to a limit that counts what comes out: a small bomb is as refused as a large pack. */
export async function* bodyOf(request: IncomingMessage, largest: number): AsyncGenerator<Buffer> {
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity' && encoding !== 'gzip' && encoding !== 'x-gzip') throw new Error(`A body in ${encoding} is not read here; send it plain or as gzip.`)
  const body: Readable = encoding === 'identity' ? request : request.pipe(createGunzip())
  if (body !== request) request.on('error', (error) => body.destroy(error))
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > largest) throw new TooLarge(`More than ${Math.floor(largest / 1024 / 1024)} MiB were sent.`)
    yield chunk
  }
}
