import type { Json } from '../json.js'
import { readJson } from '../json-text.js'

/** The number that a YAML 1.2 core scalar says, or undefined when a double does not carry it there and back unchanged. */
export function exactNumber(source: string): number | undefined {
  const text = jsonNumber(source)
  if (text === undefined || text.length > 1100) return undefined
  try {
    const value: Json = readJson(text)
    return typeof value === 'number' ? value : undefined
  } catch {
    return undefined
  }
}

/** `+07`, `.5`, `1.`, `0x1F`, `0o17` as JSON writes them; undefined for `.inf` and `.nan`. */
function jsonNumber(source: string): string | undefined {
  if (/^0(x[0-9a-fA-F]+|o[0-7]+)$/.test(source)) return source.length > 300 ? undefined : BigInt(source).toString()
  const parts = /^([-+]?)(\d*)(?:\.(\d*))?([eE][-+]?\d+)?$/.exec(source)
  if (!parts || (!parts[2] && !parts[3])) return undefined
  const whole = parts[2]!.replace(/^0+(?=\d)/, '') || '0'
  return `${parts[1] === '-' ? '-' : ''}${whole}${parts[3] ? `.${parts[3]}` : ''}${parts[4] ?? ''}`
}
