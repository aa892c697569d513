/** git's framing: four hex digits of length, then the bytes; `0000` is a flush. */
export const FLUSH = Buffer.from('0000')

export function packet(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content as string)
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, '0')), bytes])
}

/** A line for the person at the git client: shown as `remote: ...`. */
export function toPerson(text: string): Buffer {
  return packet(`\u0002${text}\n`)
}

/** Reads packets up to the first flush. `rest` is where what follows begins; undefined while more bytes are needed. */
export function packetsToFlush(bytes: Buffer): { readonly lines: readonly Buffer[]; readonly rest: number } | 'broken' | undefined {
  const lines: Buffer[] = []
  let at = 0
  while (at + 4 <= bytes.length) {
    const digits = bytes.toString('latin1', at, at + 4)
    if (!/^[0-9a-f]{4}$/i.test(digits)) return 'broken'
    const length = Number.parseInt(digits, 16)
    if (length === 0) return { lines, rest: at + 4 }
    if (length < 4) return 'broken'
    if (at + length > bytes.length) return undefined
    lines.push(bytes.subarray(at + 4, at + length))
    at += length
  }
  return undefined
}
