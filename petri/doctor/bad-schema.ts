import type { Json } from '../json.js'
import { compileSchema } from '../schema.js'
import type { Flaw, Rule } from './rule.js'

export const badSchema: Rule = {
  code: 'bad-schema',
  level: 'error',
  explanation: 'A JSON Schema cannot be used: it is no schema of draft 2020-12, has a keyword that is not known, or points outside itself.',
  *check({ file }): Iterable<Flaw> {
    const schemas: (readonly [Flaw['path'], Json])[] = []
    for (const [name, place] of Object.entries(file.places ?? {})) if (place.schema !== undefined) schemas.push([['places', name, 'schema'], place.schema])
    for (const [name, transition] of Object.entries(file.transitions ?? {})) {
      if ((transition.kind === 'llm' || transition.kind === 'agent') && transition.do.schema !== undefined) schemas.push([['transitions', name, 'do', 'schema'], transition.do.schema])
    }
    for (const [path, schema] of schemas) {
      const parsed = compileSchema(schema)
      if (!parsed.ok) yield {
        path: [...path, ...(parsed.at ?? [])],
        message: `The schema cannot be used: ${parsed.message}.`,
        remedy: `${parsed.remedy.charAt(0).toUpperCase()}${parsed.remedy.slice(1)}.`,
      }
    }
  },
}
