import type { Flaw, Rule } from './rule.js'

export const unusedCredential: Rule = {
  code: 'unused-credential',
  level: 'warning',
  explanation: 'A request lists a credential that it never uses: an executor would be trusted with it for nothing.',
  *check({ net, expressions }): Iterable<Flaw> {
    const left = new Map<string, Set<string>>()
    for (const transition of Object.values(net.transitions)) {
      const names = Object.keys(transition.credentials)
      if (transition.kind === 'http' && names.length > 0) left.set(transition.name, new Set(names))
    }
    for (const { transition, misread, uses } of left.size === 0 ? [] : expressions) {
      if (misread) left.delete(transition.name)
      for (const { root, steps } of uses) if (root === 'credentials') left.get(transition.name)?.delete(String(steps[0]))
    }
    for (const [transition, names] of left) {
      for (const name of names) {
        yield {
          path: ['transitions', transition, 'credentials', name],
          message: `The request never uses ${name}.`,
          remedy: `Remove it, or use \${credentials.${name}} in a header.`,
        }
      }
    }
  },
}
