import { isObject, type Json } from '../../../petri/json.js'
import { shorten } from '../../../tools/listed-token.js'

export const MOST_BYTES = 64 * 1024
const TEXTS = [4_000, 1_000, 200]

/** An answer of at most 64 KiB: long texts are cut first, then lists; `cut` tells what was left out and how to get it. */
export function fitAnswer(answer: Json): Json {
  if (sizeOf(answer) <= MOST_BYTES) return answer
  for (const longest of TEXTS) {
    const [short] = shorten(answer, longest)
    const told = withCut(short, `texts of more than ${longest} characters are cut: ask for one thing at a time, for fewer fields, or page with limit and cursor`)
    if (sizeOf(told) <= MOST_BYTES) return told
  }
  let rest = shorten(answer, 200)[0]
  for (let most = 256; most >= 1; most = Math.floor(most / 2)) {
    rest = fewer(rest, most)
    const told = withCut(rest, `texts of more than 200 characters and lists of more than ${most} entries are cut: ask for less at once`)
    if (sizeOf(told) <= MOST_BYTES) return told
  }
  return { cut: `the answer has more than ${MOST_BYTES} bytes however it is cut: ask for one part of it` }
}

function sizeOf(value: Json): number {
  const text = JSON.stringify(value)
  return text.length * 3 <= MOST_BYTES ? text.length : Buffer.byteLength(text)
}

function withCut(value: Json, cut: string): Json {
  return isObject(value) ? { ...value, cut } : { value, cut }
}

function fewer(value: Json, most: number): Json {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const list = (value as readonly Json[]).slice(0, most).map((one) => fewer(one, most))
    return value.length > most ? [...list, `… [cut: ${value.length - most} more]`] : list
  }
  const entries = Object.entries(value as { readonly [key: string]: Json })
  const kept = entries.slice(0, most * 4).map(([key, inner]): [string, Json] => [key, fewer(inner, most)])
  return Object.fromEntries(entries.length > most * 4 ? [...kept, ['…', `[cut: ${entries.length - most * 4} more keys]`]] : kept)
}
