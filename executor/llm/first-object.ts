import { isObject, type Json, type JsonObject } from '../../petri/json.js'
import { admitText } from '../../petri/canonical.js'

const TRIES = 50

/** The first JSON object in a text, whatever stands around it: words, a fence, a thought. */
export function firstObject(text: string): JsonObject | undefined {
  let from = text.indexOf('{')
  for (let tries = 0; from >= 0 && tries < TRIES; tries++) {
    const end = balanced(text, from)
    const value = end === undefined ? undefined : read(text.slice(from, end))
    if (value !== undefined) return value
    from = text.indexOf('{', from + 1)
  }
  return undefined
}

function read(text: string): JsonObject | undefined {
  const admitted = admitText(text)
  return admitted.ok && isObject(admitted.value as Json) ? admitted.value as JsonObject : undefined
}

/** Where the object that begins at `from` ends, braces in texts aside; undefined when it does not. */
function balanced(text: string, from: number): number | undefined {
  let depth = 0
  let quoted = false
  for (let at = from; at < text.length; at++) {
    const letter = text[at]
    if (quoted) {
      if (letter === '\\') at += 1
      else if (letter === '"') quoted = false
    } else if (letter === '"') quoted = true
    else if (letter === '{') depth += 1
    else if (letter === '}' && --depth === 0) return at + 1
  }
  return undefined
}
