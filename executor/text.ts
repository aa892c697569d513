export interface Text {
  readonly text: string
  /** characters that could not be carried and became U+FFFD */
  readonly broken: number
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** UTF-8 as I-JSON may carry it: what is not UTF-8, and NUL, becomes U+FFFD, counted. */
export function decode(bytes: Uint8Array): Text {
  const read = decoder.decode(bytes)
  const text = read.includes('\0') ? read.replaceAll('\0', '\ufffd') : read
  if (!text.includes('\ufffd')) return { text, broken: 0 }
  const own = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1').split('\u00ef\u00bf\u00bd').length - 1
  return { text, broken: text.split('\ufffd').length - 1 - own }
}

/** The first `limit` bytes of a text, never half a character. */
export function cutBytes(text: string, limit: number): string {
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.length <= limit) return text
  let end = limit
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end -= 1
  return bytes.toString('utf8', 0, end)
}
