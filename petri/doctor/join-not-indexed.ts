import { conditionJoins, conditionRoots } from '../arcql/evaluate.js'
import type { Flaw, Rule } from './rule.js'
import { scopeOf } from './scope.js'

export const joinNotIndexed: Rule = {
  code: 'join-not-indexed',
  level: 'warning',
  explanation: 'A `where` joins with earlier inputs by something else than `==` between a path and a template over one of them, so each pair of tokens is tried.',
  *check({ expressions }): Iterable<Flaw> {
    for (const expression of expressions) {
      if (expression.site !== 'where' || !expression.condition) continue
      const { variables } = scopeOf(expression)
      const joined = [...conditionRoots(expression.condition)].filter((root) => variables.has(root.replace(/^_/, '')))
      if (joined.length === 0) continue
      // An earlier list, or one token of a place that holds one, costs no search.
      const single = (root: string): boolean => variables.get(root)?.take.form === 'one'
      if (conditionJoins(expression.condition).some(({ root }) => single(root)) || !joined.some((root) => single(root.replace(/^_/, '')))) continue
      yield {
        path: expression.path,
        message: `This join with ${joined.join(' and ')} has no index.`,
        remedy: `Add a part such as $.id == \${${joined[0]!.replace(/^_/, '')}.id}, joined to the rest with AND.`,
      }
    }
  },
}
