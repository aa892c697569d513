import type { Condition, Operand } from '../arcql/ast.js'
import type { Expression } from './expression.js'
import { scopeOf } from './scope.js'
import { follow, NEVER, shapeOf, type Shape } from './shape/shape.js'
import { META } from './shape/shapes.js'

/** One operator between two values, wherever it stands in a condition. */
export interface Comparison {
  readonly left: Operand
  readonly right: Operand
  readonly word: string
}

/** The comparisons in a condition that need both sides to be of one type. */
export function* comparisons(condition: Condition): Iterable<Comparison> {
  if (condition.kind === 'and' || condition.kind === 'or') for (const part of condition.of) yield* comparisons(part)
  else if (condition.kind === 'not') yield* comparisons(condition.of)
  else if (condition.kind === 'compare' && condition.operator !== '!=') yield { left: condition.left, right: condition.right, word: condition.operator }
}

/** Whether an operand is a template over another token of the binding, which makes the comparison a join. */
export function isJoined(operand: Operand, expression: Expression): boolean {
  if (operand.kind !== 'template' || operand.template.roots.size === 0) return false
  const { variables } = scopeOf(expression)
  return [...operand.template.roots].some((root) => variables.has(root.replace(/^_/, '')))
}

/** What an operand may be; `asked` is what `$` stands for. */
export function operandShape(operand: Operand, asked: Shape, known: (root: string) => Shape | undefined): Shape | undefined {
  if (operand.kind === 'literal') return shapeOf(operand.value)
  if (operand.kind === 'path') return reach(operand.path.base === 'meta' ? META : asked, operand.path.steps)
  const [path] = operand.template.paths
  const root = path && path.through.length === 0 && operand.template.paths.length === 1 ? known(path.root) : undefined
  return root && path ? reach(root, path.steps) : undefined
}

function reach(shape: Shape, steps: readonly (string | number)[]): Shape | undefined {
  const { shape: found, missing } = follow(shape, steps)
  // A path that leads nowhere has its own finding.
  return missing || found === NEVER || found.any ? undefined : found
}

/** `text` against `number`: the words for two shapes that share no type; undefined when they may meet. */
export function apart(a: Shape, b: Shape): string | undefined {
  if (a.any || b.any || a.types.size === 0 || b.types.size === 0 || [...a.types].some((type) => b.types.has(type))) return undefined
  return `a ${[...a.types].join(' or ')} and a ${[...b.types].join(' or ')}`
}
