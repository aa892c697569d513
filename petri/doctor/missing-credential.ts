import { nearest } from '../nearest.js'
import type { Flaw, Rule } from './rule.js'

export const missingCredential: Rule = {
  code: 'missing-credential',
  level: 'error',
  explanation: 'A request names a credential that its transition does not list, so the executor would have nothing to fill in.',
  *check({ expressions }): Iterable<Flaw> {
    for (const expression of expressions) {
      for (const { root, steps, at } of expression.uses) {
        const name = steps[0]
        const { credentials } = expression.transition
        if (root !== 'credentials' || typeof name !== 'string' || Object.hasOwn(credentials, name)) continue
        const near = nearest(name, Object.keys(credentials))
        yield {
          path: [...expression.path, ...at],
          message: `The transition lists no credential ${name}.`,
          remedy: near ? `Did you mean ${near}?` : `Add credentials: {${name}: env:${name}} to the transition.`,
        }
      }
    }
  },
}
