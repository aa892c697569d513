import { parsePath } from '../arcql/parse.js'
import { misreadFlaw, misreads } from './misread.js'
import type { Flaw, Rule } from './rule.js'

export const badPath: Rule = {
  code: 'bad-path',
  level: 'error',
  explanation: 'A path into a token (`key` of a place, `after` of an arc) cannot be read.',
  *check(subject): Iterable<Flaw> {
    for (const [name, place] of Object.entries(subject.file.places ?? {})) {
      const list = Array.isArray(place.key)
      for (const [index, text] of (place.key === undefined ? [] : typeof place.key === 'string' ? [place.key] : place.key).entries()) {
        const path = ['places', name, 'key', ...(list ? [index] : [])]
        const parsed = parsePath(text)
        if (!parsed.ok) yield misreadFlaw(parsed, path, 'path')
        else if (parsed.value.base === 'meta') yield {
          path,
          message: 'A key is made of the data of a token, not of its _meta.',
          remedy: 'Name a path such as $.id.',
        }
      }
    }
    yield* misreads(subject, 'path')
  },
}
