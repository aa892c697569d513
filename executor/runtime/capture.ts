import type { Readable } from 'node:stream'

/** Reads a stream to its end, keeps at most `limit` bytes, and never lets the writer wait. */
export class Capture {
  readonly #chunks: Buffer[] = []
  readonly #limit: number
  #kept = 0
  seen = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** `tell` is called after each chunk. */
  read(stream: Readable, tell: () => void): void {
    stream.on('error', () => {})
    stream.on('data', (chunk: Buffer) => {
      this.seen += chunk.length
      const room = this.#limit - this.#kept
      if (room > 0) {
        const part = chunk.length <= room ? chunk : chunk.subarray(0, room)
        this.#chunks.push(part)
        this.#kept += part.length
      }
      tell()
    })
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks)
  }
}
