import { apart, comparisons, isJoined, operandShape } from './comparison.js'
import type { Expression } from './expression.js'
import type { Flaw, Rule } from './rule.js'
import { ANY, type Shape } from './shape/shape.js'
import type { Subject } from './subject.js'

export const neverTrue: Rule = {
  code: 'never-true',
  level: 'warning',
  explanation: 'A comparison is between a value and a literal (or param) of another type, so it never holds.',
  *check(subject): Iterable<Flaw> {
    const { expressions, shapes } = subject
    for (const expression of expressions) {
      const { condition, transition, output } = expression
      if (!condition) continue
      for (const { left, right, word } of comparisons(condition)) {
        // Between two tokens it is a join: unmatchable-join.
        if (expression.site === 'where' && [left, right].some((side) => isJoined(side, expression))) continue
        const asked = askedOf(subject, expression)
        const a = operandShape(left, asked, shapes.roots(transition, output))
        const b = operandShape(right, asked, shapes.roots(transition, output))
        const types = a && b ? apart(a, b) : undefined
        if (types) yield {
          path: expression.path,
          message: `This compares ${types} with ${word}, which never holds.`,
          remedy: 'Write the literal in the type that the value has: 5 is a number, "5" a text.',
        }
      }
    }
  },
}

function askedOf({ shapes }: Subject, { input, output, transition }: Expression): Shape {
  if (input) return input.from === '_failed' ? ANY : shapes.place(input.address)
  if (output?.on === 'error') return ANY
  return output?.each === undefined ? shapes.result(transition) : shapes.item(transition, output.each)
}
