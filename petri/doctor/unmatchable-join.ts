import { apart, comparisons, isJoined, operandShape } from './comparison.js'
import type { Flaw, Rule } from './rule.js'
import { ANY } from './shape/shape.js'

export const unmatchableJoin: Rule = {
  code: 'unmatchable-join',
  level: 'warning',
  explanation: 'A join compares values of two types, which are never equal and have no order, so the tokens never meet.',
  *check({ expressions, shapes }): Iterable<Flaw> {
    for (const expression of expressions) {
      const { site, condition, input, transition } = expression
      if (site !== 'where' || !condition || !input) continue
      const asked = input.from === '_failed' ? ANY : shapes.place(input.address)
      for (const { left, right, word } of comparisons(condition)) {
        if (!isJoined(left, expression) && !isJoined(right, expression)) continue
        const a = operandShape(left, asked, shapes.roots(transition))
        const b = operandShape(right, asked, shapes.roots(transition))
        const types = a && b ? apart(a, b) : undefined
        if (!types) continue
        yield {
          path: expression.path,
          message: `The join compares ${types} with ${word}, which never holds.`,
          remedy: 'Let both producers write the value in the same type, or join by another path.',
        }
      }
    }
  },
}
