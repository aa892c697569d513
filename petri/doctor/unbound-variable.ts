import { nearest } from '../nearest.js'
import type { Expression } from './expression.js'
import type { Flaw, Rule } from './rule.js'
import { scopeOf, type Scope } from './scope.js'

export const unboundVariable: Rule = {
  code: 'unbound-variable',
  level: 'error',
  explanation: 'An expression names a variable or root that is not there where it stands, so it could never be filled in.',
  *check({ expressions }): Iterable<Flaw> {
    for (const expression of expressions) {
      if (expression.uses.length === 0) continue
      const scope = scopeOf(expression)
      for (const use of expression.uses) {
        if (use.root === 'credentials' || knows(scope, use.root)) continue
        yield {
          path: [...expression.path, ...use.at],
          message: `\${${use.text}} names ${use.root}, which is not there.`,
          remedy: remedy(use.root, expression, scope),
        }
      }
    }
  },
}

function knows({ variables, roots }: Scope, root: string): boolean {
  return variables.has(root) || roots.has(root) || (root.startsWith('_') && variables.has(root.slice(1)))
}

function remedy(root: string, { transition, site, input, output }: Expression, { variables, roots }: Scope): string {
  const plain = root.replace(/^_/, '')
  const arc = transition.inputs.find((one) => one.variable === plain)
  if (arc && arc === input) return `Its own token is $ in a condition: write $.path instead of \${${root}.path}.`
  if (arc?.mode === 'inhibit') return `${plain} is an inhibit arc: it fires when nothing matches, so there is nothing to name.`
  if (arc) return `${plain} is bound later: move it before ${input?.variable ?? 'this'} under in.`
  if (root === 'result' && output?.on === 'error') return 'An error arc has error and the inputs, no result.'
  if (root === 'error') return 'error is there on arcs with when: error, or error AND a condition.'
  if (root === 'result') return 'result is there in out, drop and cost.'
  if (root === 'item' || root === '_index') return 'item and _index are there on an output arc with each.'
  if (root === '_approval') return 'Add approval: merge to the transition.'
  if (root === '_firing') return `_firing is no root of ${site === 'per' ? 'rate.per' : site}: it is known when the transition fires.`
  const near = nearest(root, [...variables.keys(), ...roots])
  if (near) return `Did you mean ${near}?`
  const names = [...variables.keys(), ...roots]
  return `Name one of ${names.join(', ')}, or bind ${root} under in.`
}
