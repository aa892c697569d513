import { canonicalText } from '../canonical.js'
import type { Pattern } from '../pattern.js'
import { isList } from './evaluate.js'
import type { Condition, Operand, Order, Query } from './ast.js'
import { printPath } from './path.js'

/** The text that parses to this condition; parentheses only where it needs them. */
export function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'or':
      return condition.of.map((part) => inner(part, ['or'])).join(' OR ')
    case 'and':
      return condition.of.map((part) => inner(part, ['or', 'and'])).join(' AND ')
    case 'not':
      return `NOT ${inner(condition.of, ['or', 'and'])}`
    case 'exists':
      return `EXISTS ${printPath(condition.path)}`
    case 'compare':
      return `${printOperand(condition.left)} ${condition.operator} ${printOperand(condition.right)}`
    case 'contains':
      return `${printOperand(condition.left)} CONTAINS ${printOperand(condition.right)}`
    case 'starts':
      return `${printOperand(condition.left)} STARTS WITH ${printOperand(condition.right)}`
    case 'in':
      return `${printOperand(condition.left)} IN ${isList(condition.right) ? `[${condition.right.map(printOperand).join(', ')}]` : printOperand(condition.right)}`
    case 'matches':
      return `${printOperand(condition.left)} MATCHES ${'kind' in condition.right ? printOperand(condition.right) : printPattern(condition.right)}`
  }
}

export function printOrder(order: Order): string {
  return order.map(({ path, descending }) => `${printPath(path)}${descending ? ' DESC' : ''}`).join(', ')
}

export function printQuery(query: Query): string {
  return [
    query.where === undefined ? '' : `WHERE ${printCondition(query.where)}`,
    query.order.length === 0 ? '' : `ORDER BY ${printOrder(query.order)}`,
    query.limit === undefined ? '' : `LIMIT ${query.limit}`,
  ].filter((part) => part !== '').join(' ')
}

function inner(part: Condition, loose: readonly Condition['kind'][]): string {
  const text = printCondition(part)
  return loose.includes(part.kind) ? `(${text})` : text
}

function printOperand(operand: Operand): string {
  switch (operand.kind) {
    case 'path':
      return printPath(operand.path)
    case 'literal':
      return canonicalText(operand.value)
    case 'template':
      return operand.template.source as string
  }
}

/** Between slashes, each slash of its own escaped. */
function printPattern({ source }: Pattern): string {
  return `/${source.replace(/\\.|\//gs, (sign) => (sign === '/' ? '\\/' : sign))}/`
}
