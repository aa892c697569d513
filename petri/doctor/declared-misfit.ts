import { readPath } from '../arcql/path.js'
import { parsePath } from '../arcql/parse.js'
import { canonicalText } from '../canonical.js'
import type { Json } from '../json.js'
import type { Place } from '../net.js'
import { compileSchema } from '../schema.js'
import { formatSize } from '../size.js'
import type { Flaw, Rule } from './rule.js'

export const declaredMisfit: Rule = {
  code: 'declared-misfit',
  level: 'error',
  explanation: 'A declared token breaks a rule of its own place (schema, maxBytes, key), so it could not be put.',
  *check({ net, file }): Iterable<Flaw> {
    for (const place of Object.values(net.places)) {
      if (place.tokens.length === 0 || typeof file.places?.[place.name]?.tokens === 'number' && place.schema === undefined && place.key === undefined) continue
      yield* misfits(place, Array.isArray(file.places?.[place.name]?.tokens))
    }
  },
}

function* misfits(place: Place, listed: boolean): Iterable<Flaw> {
  const schema = place.schema === undefined ? undefined : compileSchema(place.schema)
  const keys = (place.key ?? []).map(parsePath)
  const seen = new Map<string, number>()
  // A number of plain tokens says the same of each: two tell all.
  for (const [index, token] of (listed ? place.tokens : place.tokens.slice(0, 2)).entries()) {
    const flaw = misfit(token)
    if (flaw) yield { path: ['places', place.name, 'tokens', ...(listed ? [index] : [])], ...flaw }
    if (flaw && !listed) return
  }

  function misfit(token: Json): Pick<Flaw, 'message' | 'remedy' | 'level'> | undefined {
    const wrong = schema?.ok ? schema.value(token)[0] : undefined
    if (wrong) return {
      message: `The token does not fit the schema of ${place.name}: ${wrong.path === '' ? '' : `${wrong.path} `}${wrong.message}.`,
      remedy: 'Correct the token or the schema.',
    }
    const bytes = new TextEncoder().encode(canonicalText(token)).length
    if (bytes > place.maxBytes) return {
      message: `The token has ${bytes} bytes and ${place.name} takes ${formatSize(place.maxBytes)}.`,
      remedy: 'Raise maxBytes (8MiB at most), or declare a shorter token.',
    }
    if (keys.length === 0 || keys.some((key) => !key.ok)) return undefined
    const values = keys.map((parsed) => (parsed.ok ? readPath(parsed.value, token) : undefined))
    // A path that is missing counts as a value of its own.
    const key = canonicalText(values.map((value) => (value === undefined ? [] : [value])))
    const first = seen.get(key)
    if (first !== undefined) {
      return {
        ...(place.onDuplicate === 'refuse' ? {} : { level: 'warning' as const }),
        message: `The token has the same key as number ${first + 1}.`,
        remedy: 'Declare one of the two.',
      }
    }
    seen.set(key, seen.size)
    return undefined
  }
}
