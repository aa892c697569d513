import type { Json } from '../json.js'
import { parsePattern, type Pattern } from '../pattern.js'
import type { Roots, Template } from '../template.js'
import type { Comparison, Condition, Operand } from './ast.js'
import { compareTexts, equalValues } from './order.js'
import { compileSteps, type Path } from './path.js'

/** What a condition is asked of: a token's data, and its `_meta` made only when a path wants it. */
export interface Subject {
  readonly data: Json
  readonly meta: () => Json
}

export type Test = (subject: Subject, roots: Roots) => boolean

/** Lays a condition out for asking. Never throws: what does not resolve is false. `refused` hears of patterns from data that RE2 refuses. */
export function compileCondition(condition: Condition, refused?: (pattern: string, reason: string) => void): Test {
  switch (condition.kind) {
    case 'and':
      return conjunction(condition.of.map((part) => compileCondition(part, refused)))
    case 'or':
      return disjunction(condition.of.map((part) => compileCondition(part, refused)))
    case 'not': {
      const inner = compileCondition(condition.of, refused)
      return (subject, roots) => !inner(subject, roots)
    }
    case 'exists': {
      const read = readerOf(condition.path)
      return (subject, roots) => read(subject, roots) !== undefined
    }
    case 'compare':
      return comparison(condition.operator, condition.left, condition.right)
    case 'contains':
      return binary(condition.left, condition.right, contains)
    case 'starts':
      return binary(condition.left, condition.right, (left, right) => typeof left === 'string' && typeof right === 'string' && left.startsWith(right))
    case 'in':
      return membership(condition.left, condition.right)
    case 'matches':
      return matching(condition.left, condition.right, refused)
  }
}

/** Names of the roots inside its `${}`. */
export function conditionRoots(condition: Condition): ReadonlySet<string> {
  const names = new Set<string>()
  visitOperands(condition, (operand) => {
    if (operand.kind === 'template') for (const root of operand.template.roots) names.add(root)
  })
  return names
}

/** A conjunct that says `$.path == ${template over one root}`: what a join can be indexed by. */
export interface Join {
  readonly path: Path
  readonly template: Template
  readonly root: string
}

export function conditionJoins(condition: Condition): readonly Join[] {
  const parts = condition.kind === 'and' ? condition.of : [condition]
  return parts.flatMap((part) => {
    if (part.kind === 'and') return conditionJoins(part)
    if (part.kind !== 'compare' || part.operator !== '==') return []
    const path = part.left.kind === 'path' ? part.left.path : part.right.kind === 'path' ? part.right.path : undefined
    const template = part.left.kind === 'template' ? part.left.template : part.right.kind === 'template' ? part.right.template : undefined
    if (path?.base !== 'data' || template === undefined || template.roots.size !== 1) return []
    const [root] = template.roots
    return [{ path, template, root: root! }]
  })
}

/** Calls for every operand in a condition. */
export function visitOperands(condition: Condition, visit: (operand: Operand) => void): void {
  switch (condition.kind) {
    case 'and':
    case 'or':
      for (const part of condition.of) visitOperands(part, visit)
      return
    case 'not':
      return visitOperands(condition.of, visit)
    case 'exists':
      return visit({ kind: 'path', path: condition.path })
    case 'in':
      visit(condition.left)
      for (const operand of isList(condition.right) ? condition.right : [condition.right]) visit(operand)
      return
    default:
      visit(condition.left)
      if ('kind' in condition.right) visit(condition.right)
  }
}

export function isList(right: Operand | readonly Operand[]): right is readonly Operand[] {
  return Array.isArray(right)
}

type Read = (subject: Subject, roots: Roots) => Json | undefined

function readerOf(path: Path): Read {
  const inner = compileSteps(path.steps)
  return path.base === 'data' ? (subject) => inner(subject.data) : (subject) => inner(subject.meta())
}

function reader(operand: Operand): Read {
  switch (operand.kind) {
    case 'path':
      return readerOf(operand.path)
    case 'literal': {
      const { value } = operand
      return () => value
    }
    case 'template': {
      const { resolve } = operand.template
      return (_, roots) => resolve(roots)
    }
  }
}

function conjunction(tests: readonly Test[]): Test {
  const [first, second] = tests
  if (tests.length === 2) return (subject, roots) => first!(subject, roots) && second!(subject, roots)
  return (subject, roots) => {
    for (let index = 0; index < tests.length; index++) if (!tests[index]!(subject, roots)) return false
    return true
  }
}

function disjunction(tests: readonly Test[]): Test {
  return (subject, roots) => {
    for (let index = 0; index < tests.length; index++) if (tests[index]!(subject, roots)) return true
    return false
  }
}

function binary(left: Operand, right: Operand, holds: (left: Json, right: Json) => boolean): Test {
  const a = reader(left)
  const b = reader(right)
  return (subject, roots) => {
    const x = a(subject, roots)
    if (x === undefined) return false
    const y = b(subject, roots)
    return y !== undefined && holds(x, y)
  }
}

const HOLDS: Readonly<Record<Comparison, (left: Json, right: Json) => boolean>> = {
  '==': equalValues,
  '!=': (left, right) => !equalValues(left, right),
  '<': (left, right) => (typeof left === 'number' ? typeof right === 'number' && left < right : typeof left === 'string' && typeof right === 'string' && compareTexts(left, right) < 0),
  '<=': (left, right) => (typeof left === 'number' ? typeof right === 'number' && left <= right : typeof left === 'string' && typeof right === 'string' && compareTexts(left, right) <= 0),
  '>': (left, right) => (typeof left === 'number' ? typeof right === 'number' && left > right : typeof left === 'string' && typeof right === 'string' && compareTexts(left, right) > 0),
  '>=': (left, right) => (typeof left === 'number' ? typeof right === 'number' && left >= right : typeof left === 'string' && typeof right === 'string' && compareTexts(left, right) >= 0),
}

function comparison(operator: Comparison, left: Operand, right: Operand): Test {
  const value = right.kind === 'literal' ? right.value : undefined
  if (value === undefined || (typeof value === 'object' && value !== null)) return binary(left, right, HOLDS[operator])
  const a = reader(left)
  if (operator === '==') return (subject, roots) => a(subject, roots) === value
  if (operator === '!=') {
    return (subject, roots) => {
      const x = a(subject, roots)
      return x !== undefined && x !== value
    }
  }
  if (typeof value === 'number') return bound(operator, a, value)
  const holds = HOLDS[operator]
  return (subject, roots) => {
    const x = a(subject, roots)
    return typeof x === 'string' && holds(x, value)
  }
}

/** The commonest guard of all, without a call in it. */
function bound(operator: '<' | '<=' | '>' | '>=', read: Read, value: number): Test {
  switch (operator) {
    case '<':
      return (subject, roots) => { const x = read(subject, roots); return typeof x === 'number' && x < value }
    case '<=':
      return (subject, roots) => { const x = read(subject, roots); return typeof x === 'number' && x <= value }
    case '>':
      return (subject, roots) => { const x = read(subject, roots); return typeof x === 'number' && x > value }
    case '>=':
      return (subject, roots) => { const x = read(subject, roots); return typeof x === 'number' && x >= value }
  }
}

function contains(left: Json, right: Json): boolean {
  if (typeof left === 'string') return typeof right === 'string' && left.includes(right)
  return Array.isArray(left) && left.some((element) => equalValues(element as Json, right))
}

function membership(left: Operand, right: Operand | readonly Operand[]): Test {
  if (!isList(right)) return binary(left, right, (x, y) => Array.isArray(y) && y.some((element) => equalValues(x, element as Json)))
  const a = reader(left)
  const scalars = right.map((operand) => (operand.kind === 'literal' && (typeof operand.value !== 'object' || operand.value === null) ? operand.value : undefined))
  if (scalars.every((value) => value !== undefined)) {
    const set = new Set<Json | undefined>(scalars)
    return (subject, roots) => {
      const x = a(subject, roots)
      return x !== undefined && set.has(x)
    }
  }
  const items = right.map(reader)
  return (subject, roots) => {
    const x = a(subject, roots)
    if (x === undefined) return false
    return items.some((item) => {
      const y = item(subject, roots)
      return y !== undefined && equalValues(x, y)
    })
  }
}

function matching(left: Operand, right: Operand | Pattern, refused: (pattern: string, reason: string) => void = () => {}): Test {
  const a = reader(left)
  const found = (pattern: Pattern, text: string): boolean => {
    if (pattern.overworked(text)) refused(pattern.source, `the text has ${text.length} characters, too many for a pattern of this size`)
    return pattern.test(text)
  }
  if (!('kind' in right)) {
    return (subject, roots) => {
      const x = a(subject, roots)
      return typeof x === 'string' && found(right, x)
    }
  }
  return binary(left, right, (x, source) => {
    if (typeof x !== 'string' || typeof source !== 'string') return false
    const pattern = parsePattern(source)
    if (!pattern.ok) refused(source, pattern.message)
    return pattern.ok && found(pattern.value, x)
  })
}
