import type { InputArc } from '../net.js'
import type { Expression } from './expression.js'

/** The names that an expression may use, and why it may not use others. */
export interface Scope {
  /** variables that are bound where it stands */
  readonly variables: ReadonlyMap<string, InputArc>
  /** other roots: result, error, item, params, ... */
  readonly roots: ReadonlySet<string>
}

const known = new WeakMap<Expression, Scope>()

/** What is known where an expression stands. */
export function scopeOf(expression: Expression): Scope {
  let scope = known.get(expression)
  if (!scope) known.set(expression, (scope = make(expression)))
  return scope
}

function make({ transition, site, input, output }: Expression): Scope {
  const binding = site === 'where' || site === 'take' || site === 'orderBy' || site === 'after'
  const upTo = binding && input ? transition.inputs.indexOf(input) : transition.inputs.length
  const variables = new Map(transition.inputs.slice(0, upTo).filter((arc) => arc.mode !== 'inhibit').map((arc) => [arc.variable, arc]))
  const roots = new Set(['params'])
  if (binding || site === 'per') return { variables, roots }
  if (site !== 'when' && site !== 'drop') roots.add('_firing')
  if (transition.approval) roots.add('_approval')
  if (site === 'do') return { variables, roots }
  if (output?.on === 'error') roots.add('error')
  else roots.add('result')
  if (output?.each !== undefined && site !== 'each') roots.add('item').add('_index')
  return { variables, roots }
}
