import type { TransitionFile } from '../../inscription.js'
import type { JsonObject } from '../../json.js'
import { size } from '../../size.js'

export const OUTPUT_BYTES = 256 * 1024

/** The kind's own inscription with its defaults written out; null for pass. */
export function actionOf(file: TransitionFile): JsonObject | null {
  switch (file.kind) {
    case 'pass':
      return null
    case 'http':
      return {
        ...file.do,
        method: file.do.method ?? 'GET',
        headers: file.do.headers ?? {},
        query: file.do.query ?? {},
        expect: (file.do.expect ?? ['2xx']).map(String),
        maxBytes: bytes(file.do.maxBytes),
      }
    case 'command': {
      const { allow, ...rest } = file.do
      return {
        ...rest,
        ...(allow === undefined ? {} : { allow: isList(allow) ? Object.fromEntries(allow.map((program) => [program, null])) : allow }),
        env: file.do.env ?? {},
        expect: file.do.expect ?? [0],
        maxBytes: bytes(file.do.maxBytes),
      }
    }
    default:
      return file.do as JsonObject
  }
}

function bytes(written: string | number | undefined): number {
  return (written === undefined ? undefined : size(written)) ?? OUTPUT_BYTES
}

function isList(allow: readonly string[] | object): allow is readonly string[] {
  return Array.isArray(allow)
}
