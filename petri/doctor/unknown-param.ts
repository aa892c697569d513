import { nearest } from '../nearest.js'
import type { Flaw, Rule } from './rule.js'

export const unknownParam: Rule = {
  code: 'unknown-param',
  level: 'error',
  explanation: '`${params.x}` names a param that neither the net nor its session has.',
  *check({ net, uses, expressions }): Iterable<Flaw> {
    const remedy = (name: string): string => {
      const near = nearest(name, Object.keys(net.params))
      return near ? `Did you mean params.${near}?` : `Add ${name} under params of the net or of session.yaml.`
    }
    for (const use of uses) {
      if (!use.found) yield { path: use.path, message: `There is no param ${use.name}.`, remedy: remedy(use.name) }
    }
    const told = new Set(uses.map((use) => use.path.join('/')))
    for (const expression of expressions) {
      for (const { root, steps, optional, at } of expression.uses) {
        const name = steps[0]
        const path = [...expression.path, ...at]
        if (root !== 'params' || optional || typeof name !== 'string' || Object.hasOwn(net.params, name) || told.has(path.join('/'))) continue
        yield { path, message: `There is no param ${name}.`, remedy: remedy(name) }
      }
    }
  },
}
