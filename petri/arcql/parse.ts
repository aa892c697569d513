import { nearest } from '../nearest.js'
import { attempt, ParseFault, type Parsed } from '../parsed.js'
import { parsePattern } from '../pattern.js'
import { parseExpression } from '../template/expression.js'
import { templateOf } from '../template.js'
import type { Comparison, Condition, Operand, Order, Query } from './ast.js'
import { Lexer } from './lexer.js'
import type { Path } from './path.js'

/** Characters a condition may have, and how deep its parentheses may go. */
const MAX_TEXT = 65_536
const MAX_NESTING = 64
const MAX_LIMIT = 1_000_000
const KEYWORDS = ['AND', 'OR', 'NOT', 'IN', 'CONTAINS', 'STARTS', 'WITH', 'MATCHES', 'EXISTS', 'FROM', 'WHERE', 'ORDER', 'BY', 'LIMIT', 'ASC', 'DESC']
const OPERATORS: readonly Comparison[] = ['==', '!=', '<=', '>=', '<', '>']
const USAGE = 'compare with == != < <= > >=, IN, CONTAINS, STARTS WITH or MATCHES'

/** `$.count >= 5 AND $.ip == ${hit.ip}` */
export function parseCondition(text: string): Parsed<Condition> {
  return whole(text, (lexer) => disjunction(lexer, 0))
}

/** `$.priority DESC, $.at` */
export function parseOrder(text: string): Parsed<Order> {
  return whole(text, order, 'write ASC or DESC, and a comma before the next path')
}

/** `[FROM $] [WHERE c] [ORDER BY $.p DESC] [LIMIT n]` */
export function parseQuery(text: string): Parsed<Query> {
  return whole(text, query)
}

/** `$.a.b[0]["odd key"]` */
export function parsePath(text: string): Parsed<Path> {
  return whole(text, pathOnly)
}

function whole<T>(text: string, read: (lexer: Lexer) => T, remedy?: string): Parsed<T> {
  return attempt(() => {
    if (text.length > MAX_TEXT) throw new ParseFault(`the text has ${text.length} characters, and ${MAX_TEXT} are allowed`, 'put the data in tokens and compare with them', MAX_TEXT)
    const lexer = new Lexer(text, 0)
    const value = read(lexer)
    if (!lexer.end()) throw unexpectedRest(lexer, remedy)
    return value
  })
}

function unexpectedRest(lexer: Lexer, remedy = 'join conditions with AND or OR'): ParseFault {
  const word = lexer.peekWord()
  if (lexer.sees('&&')) return lexer.fault('&& is no operator', 'write AND')
  if (lexer.sees('||')) return lexer.fault('|| is no operator', 'write OR')
  if (lexer.sees(')')) return lexer.fault('a parenthesis is closed that was not opened', 'take it away, or open it')
  if (word === 'WITH') return lexer.fault('WITH stands alone', 'write STARTS WITH')
  return lexer.fault(`${lexer.next()} stands where the end is expected`, keywordFor(word) ?? remedy)
}

function keywordFor(word: string): string | undefined {
  if (word === '') return undefined
  const keyword = nearest(word.toUpperCase(), KEYWORDS)
  return keyword === undefined ? undefined : keyword === word.toUpperCase() ? `write ${keyword} in capitals` : `did you mean ${keyword}?`
}

function keyword(lexer: Lexer, word: string): boolean {
  if (lexer.peekWord() !== word) return false
  lexer.takeWord()
  return true
}

function disjunction(lexer: Lexer, level: number): Condition {
  return chain(lexer, 'or', 'OR', () => chain(lexer, 'and', 'AND', () => negation(lexer, level)))
}

function chain(lexer: Lexer, kind: 'and' | 'or', word: string, read: () => Condition): Condition {
  const of = [read()]
  while (keyword(lexer, word)) of.push(read())
  return of.length === 1 ? of[0]! : { kind, of }
}

function negation(lexer: Lexer, level: number): Condition {
  if (level > MAX_NESTING) throw lexer.fault(`the condition is nested over ${MAX_NESTING} levels`, 'write it flatter')
  if (keyword(lexer, 'NOT')) return { kind: 'not', of: negation(lexer, level + 1) }
  if (keyword(lexer, 'EXISTS')) return { kind: 'exists', path: pathOnly(lexer) }
  lexer.space()
  const open = lexer.at
  if (!lexer.eat('(')) return comparison(lexer)
  const inner = disjunction(lexer, level + 1)
  if (!lexer.eat(')')) throw lexer.end() ? lexer.fault('a parenthesis is not closed', 'close it', open) : unexpectedRest(lexer)
  return inner
}

function comparison(lexer: Lexer): Condition {
  const start = lexer.at
  const left = operand(lexer)
  for (const operator of OPERATORS) if (lexer.eat(operator)) return { kind: 'compare', operator, left, right: operand(lexer) }
  const word = lexer.peekWord()
  switch (word) {
    case 'IN':
      lexer.takeWord()
      return { kind: 'in', left, right: lexer.sees('[') ? list(lexer) : operand(lexer) }
    case 'CONTAINS':
      lexer.takeWord()
      return { kind: 'contains', left, right: operand(lexer) }
    case 'MATCHES':
      lexer.takeWord()
      return { kind: 'matches', left, right: pattern(lexer) }
    case 'STARTS':
      lexer.takeWord()
      if (!keyword(lexer, 'WITH')) throw lexer.fault(`${lexer.next()} follows STARTS`, 'write STARTS WITH')
      return { kind: 'starts', left, right: operand(lexer) }
    default:
      throw noOperator(lexer, left, word, start)
  }
}

function noOperator(lexer: Lexer, left: Operand, word: string, start: number): ParseFault {
  if (lexer.sees('=')) return lexer.fault('= is no operator', 'write == to compare')
  if (word === 'IS') return lexer.fault('IS is no operator', 'write == null, or NOT EXISTS $.p for a path that is missing')
  if (word === 'LIKE') return lexer.fault('LIKE is no operator', 'write CONTAINS, STARTS WITH or MATCHES /re/')
  if (word === 'NOT') return lexer.fault('NOT stands before the operator', 'put it before the whole comparison: NOT $.a IN [1, 2]')
  if (word !== '' && word !== 'AND' && word !== 'OR') return lexer.fault(`${JSON.stringify(word)} is no operator`, keywordFor(word) ?? USAGE)
  if (left.kind === 'literal' || (!lexer.end() && !lexer.sees(')') && word === '')) return lexer.fault(`${lexer.next()} stands where an operator is expected`, USAGE)
  return lexer.fault('a value alone is no condition', 'compare it: == true, or EXISTS $.p', start)
}

function operand(lexer: Lexer): Operand {
  lexer.space()
  const at = lexer.at
  if (lexer.eat('${')) {
    const expression = parseExpression(lexer)
    if (expression.paths.some((path) => path.root === '_firing')) throw lexer.fault('_firing is no root in a condition', 'what a binding depends on stands in tokens; _firing is for templates', at)
    return { kind: 'template', template: templateOf(expression) }
  }
  if (lexer.sees('$')) return { kind: 'path', path: lexer.path() }
  if (lexer.sees("'")) throw lexer.fault("a text stands in ''", 'JSON texts stand in double quotes: "text"')
  if (lexer.sees('/')) throw lexer.fault('a pattern stands where a value is expected', 'patterns follow MATCHES')
  const word = lexer.peekWord()
  if (word !== '' && !['true', 'false', 'null'].includes(word)) {
    const known = KEYWORDS.includes(word.toUpperCase())
    throw lexer.fault(`${JSON.stringify(word)} stands where a value is expected`, known ? keywordFor(word)! : `a path is written $.${word}, a text "${word}", a variable \${${word}}`)
  }
  return { kind: 'literal', value: lexer.value(1) }
}

function list(lexer: Lexer): Operand[] {
  const items: Operand[] = []
  lexer.expect('[', 'write IN ["a", "b"]')
  if (lexer.eat(']')) return items
  do items.push(operand(lexer))
  while (lexer.eat(','))
  lexer.expect(']', 'end the list with ]')
  return items
}

function pattern(lexer: Lexer): Extract<Condition, { kind: 'matches' }>['right'] {
  lexer.space()
  const at = lexer.at
  if (lexer.sees('/')) return lexer.pattern()
  const right = operand(lexer)
  if (right.kind !== 'literal') return right
  if (typeof right.value !== 'string') throw lexer.fault('MATCHES takes a pattern', 'write it as /re/ or "re"', at)
  const made = parsePattern(right.value)
  if (!made.ok) throw lexer.fault(made.message, made.remedy, at)
  return made.value
}

function pathOnly(lexer: Lexer): Path {
  if (!lexer.sees('$') || lexer.sees('${')) throw lexer.fault(`${lexer.next()} stands where a path is expected`, 'write it as $.name')
  return lexer.path()
}

function order(lexer: Lexer): Order {
  const keys: { path: Path; descending: boolean }[] = []
  do {
    const path = pathOnly(lexer)
    const descending = keyword(lexer, 'DESC')
    if (!descending) keyword(lexer, 'ASC')
    keys.push({ path, descending })
  } while (lexer.eat(','))
  return keys
}

function query(lexer: Lexer): Query {
  if (keyword(lexer, 'FROM')) {
    const at = lexer.at
    const path = pathOnly(lexer)
    if (path.base !== 'data' || path.steps.length > 0) throw lexer.fault('FROM takes $ alone', 'the place is named outside the query; paths follow WHERE and ORDER BY', at)
  }
  const where = keyword(lexer, 'WHERE') ? disjunction(lexer, 0) : undefined
  let by: Order = []
  if (keyword(lexer, 'ORDER')) {
    if (!keyword(lexer, 'BY')) throw lexer.fault(`${lexer.next()} follows ORDER`, 'write ORDER BY $.name')
    by = order(lexer)
  }
  return { where, order: by, limit: keyword(lexer, 'LIMIT') ? limit(lexer) : undefined }
}

function limit(lexer: Lexer): number {
  lexer.space()
  const at = lexer.at
  const value = /\d/.test(lexer.text[at] ?? '') ? lexer.number() : Number.NaN
  if (!Number.isInteger(value) || value < 1 || value > MAX_LIMIT) throw lexer.fault('LIMIT takes a whole number from 1 to 1,000,000', 'write LIMIT 100', at)
  return value
}
