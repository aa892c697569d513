import { decode } from '../text.js'

const LONGEST = 4 * 1024 * 1024

/** Cuts what comes from a network into lines of text, each decoded whole. */
export class Lines {
  readonly #line: (line: string) => void
  #parts: Buffer[] = []
  #held = 0

  constructor(line: (line: string) => void) {
    this.#line = line
  }

  /** Throws RangeError at a line over 4 MiB, whether its end has come or not. */
  push(chunk: Buffer): void {
    let from = 0
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      this.#hold(chunk.subarray(from, at))
      this.end()
      from = at + 1
    }
    if (from < chunk.length) this.#hold(chunk.subarray(from))
  }

  /** The last line may have no end. */
  end(): void {
    const bytes = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts)
    this.#parts = []
    this.#held = 0
    const { text } = decode(bytes)
    const line = text.endsWith('\r') ? text.slice(0, -1) : text
    if (line !== '') this.#line(line)
  }

  #hold(part: Buffer): void {
    this.#parts.push(part)
    this.#held += part.length
    if (this.#held > LONGEST) throw new RangeError(`a line of the answer has more than ${LONGEST} bytes`)
  }
}
