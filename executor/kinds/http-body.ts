import type { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

export class TooLarge extends Error {
  override readonly name = 'TooLarge'
}

/** Reads a body whole, unpacked; throws TooLarge at the first byte beyond `limit`, so that a bomb never unfolds. */
export async function readBody(body: Readable, encoding: string | undefined, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  let large = false
  const collect = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of source) {
      size += chunk.length
      large = size > limit
      if (large) return
      chunks.push(chunk)
    }
  }
  const unpack = unpacker(encoding)
  try {
    await (unpack === undefined ? collect(body) : pipeline(body, unpack, collect))
  } catch (error) {
    // The streams before a reader that has left complain first.
    if (!large) throw error
  }
  if (large) {
    body.destroy()
    throw new TooLarge(`the answer has more than ${limit} bytes`)
  }
  return Buffer.concat(chunks)
}

function unpacker(encoding: string | undefined): Transform | undefined {
  switch (encoding?.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'deflate':
      return createInflate()
    case 'br':
      return createBrotliDecompress()
    default:
      return undefined
  }
}
