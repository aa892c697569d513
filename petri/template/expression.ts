import type { Lexer } from '../arcql/lexer.js'
import { compileSteps, printSteps, type Step } from '../arcql/path.js'
import type { Json } from '../json.js'
import { nearest } from '../nearest.js'
import { type Argument, type Call, compileCall, misfit } from './call.js'
import { FunctionFault, type Parameter, type TemplateFunction } from './function.js'
import { TEMPLATE_FUNCTIONS } from './functions.js'
import { missing } from './missing.js'
import type { Roots } from '../template.js'

/** A path that a template reads, for those who check it beforehand. */
export interface TemplatePath {
  readonly root: string
  readonly steps: readonly Step[]
  /** `default` stands behind it: it may lead nowhere */
  readonly optional: boolean
  /** names of the functions it goes through, in order; empty for an argument */
  readonly through: readonly string[]
}

/** One `${}`, parsed and laid out. */
export interface Expression {
  /** what stands between the braces */
  readonly text: string
  readonly paths: readonly TemplatePath[]
  /** no function in it: reading it never throws */
  readonly bare: boolean
  /** undefined when a path does not resolve; throws FunctionFault */
  readonly read: (roots: Roots) => Json | undefined
  /** why `read` gave undefined */
  readonly explain: (roots: Roots) => FunctionFault
}

const MAX_PIPES = 64

/** Reads `path | fn(arg) }`; the opening `${` is behind. Throws ParseFault. */
export function parseExpression(lexer: Lexer): Expression {
  const start = lexer.at
  const { root, steps } = rootPath(lexer)
  const calls: Call[] = []
  const names: string[] = []
  const paths: TemplatePath[] = []
  while (lexer.eat('|')) {
    if (calls.length >= MAX_PIPES) throw lexer.fault(`the template has over ${MAX_PIPES} functions`, 'do it in two transitions')
    const fn = functionName(lexer)
    const args = parseArguments(lexer, fn)
    for (const arg of args) if (arg.form === 'path') paths.push({ root: arg.root, steps: arg.steps, optional: false, through: [] })
    calls.push(compileCall(fn, args))
    names.push(fn.name)
  }
  if (!lexer.sees('}')) throw unclosed(lexer)
  const text = lexer.text.slice(start, lexer.at).trim()
  lexer.at++
  paths.unshift({ root, steps, optional: names[0] === 'default', through: names })
  const first = compileRoot(root, steps)
  return {
    text,
    paths,
    bare: calls.length === 0,
    read: calls.length === 0 ? first : chain(first, calls),
    explain: (roots) => (first(roots) === undefined && names[0] !== 'default' ? missing(root, steps, roots) : lost(names)),
  }
}

export function compileRoot(root: string, steps: readonly Step[]): (roots: Roots) => Json | undefined {
  if (steps.length === 0) return (roots) => roots(root)
  const inner = compileSteps(steps)
  return (roots) => {
    const value = roots(root)
    return value === undefined ? undefined : inner(value)
  }
}

function chain(first: (roots: Roots) => Json | undefined, calls: readonly Call[]): (roots: Roots) => Json | undefined {
  const [only, ...rest] = calls
  if (rest.length === 0) return (roots) => only!(first(roots), roots)
  return (roots) => {
    let value = first(roots)
    for (let index = 0; index < calls.length; index++) value = calls[index]!(value, roots)
    return value
  }
}

function lost(names: readonly string[]): FunctionFault {
  return new FunctionFault(`${names.includes('get') ? 'get' : names.at(-1)} finds nothing there`, 'put default(...) behind it, or name one that is there')
}

function rootPath(lexer: Lexer): { root: string; steps: Step[] } {
  const root = lexer.takeWord()
  if (root === '') {
    throw lexer.fault(`${lexer.next()} stands where a name is expected`, 'begin with an input variable or another root, such as ${hit.ip} or ${params.limit}')
  }
  return { root, steps: lexer.steps() }
}

function functionName(lexer: Lexer): TemplateFunction {
  lexer.space()
  const at = lexer.at
  const name = lexer.takeWord()
  const found = TEMPLATE_FUNCTIONS.get(name)
  if (found !== undefined) return found
  if (name === '') throw lexer.fault(`${lexer.next()} stands where a function is expected`, 'a function follows the bar: ${x.name | upper}')
  const near = nearest(name, TEMPLATE_FUNCTIONS.keys())
  throw lexer.fault(`there is no function ${JSON.stringify(name)}`, near === undefined ? `use one of ${[...TEMPLATE_FUNCTIONS.keys()].join(', ')}` : `did you mean ${near}?`, at)
}

function parseArguments(lexer: Lexer, fn: TemplateFunction): Argument[] {
  const args: Argument[] = []
  const from = lexer.at
  if (lexer.eat('(') && !lexer.eat(')')) {
    do {
      lexer.space()
      const at = lexer.at
      const parameter = parameterFor(fn, args)
      if (parameter === undefined) throw lexer.fault(`${fn.name} takes fewer arguments`, `it is used as ${fn.usage}`, at)
      const arg = parseArgument(lexer, parameter, fn)
      // sort("desc"): the path is left out and the direction comes first
      if (parameter === 'path?' && arg.form === 'constant') args.push({ form: 'absent' })
      args.push(arg)
    } while (lexer.eat(','))
    lexer.expect(')', `it is used as ${fn.usage}`)
  }
  const needed = fn.parameters.filter((parameter) => !parameter.endsWith('?')).length
  if (args.length < needed) throw lexer.fault(`${fn.name} needs ${needed === 1 ? 'an argument' : `${needed} arguments`}`, `it is used as ${fn.usage}`, from)
  return args
}

function parameterFor(fn: TemplateFunction, args: readonly Argument[]): Parameter | undefined {
  const last = fn.parameters.at(-1)
  return fn.parameters[args.length] ?? (last?.startsWith('...') ? last : undefined)
}

function parseArgument(lexer: Lexer, parameter: Parameter, fn: TemplateFunction): Argument {
  const at = lexer.at
  const sign = lexer.text[at] ?? ''
  const form = parameter.replace(/^\.\.\.|\?$/g, '')
  if (form === 'pattern') {
    if (sign === '/') return { form: 'pattern', pattern: lexer.pattern() }
    throw lexer.fault(`${fn.name} takes a pattern, not ${lexer.next()}`, `write it between slashes: ${fn.usage}`)
  }
  if (sign === '/') throw lexer.fault(`${fn.name} takes no pattern here`, `it is used as ${fn.usage}`)
  if (form === 'path') return elementArgument(lexer, parameter, fn)
  if (sign === '$') throw lexer.fault(`${fn.name} takes a value here, not a path from an element`, 'name a root, such as params.limit, or write a JSON literal')
  if (/[A-Za-z_]/.test(sign) && !['true', 'false', 'null'].includes(lexer.peekWord())) {
    const { root, steps } = rootPath(lexer)
    return { form: 'path', root, steps, read: compileRoot(root, steps) }
  }
  const value = lexer.value(1)
  const wrong = misfit(fn, parameter, value)
  if (wrong !== undefined) throw lexer.fault(wrong.message, wrong.remedy, at)
  return { form: 'constant', value }
}

/** `$.ip`, or `ip` for short: read from each element of the list. */
function elementArgument(lexer: Lexer, parameter: Parameter, fn: TemplateFunction): Argument {
  const sign = lexer.text[lexer.at]
  if (sign === '"' && parameter === 'path?' && fn.parameters.length > 1) return { form: 'constant', value: lexer.string() }
  if (sign === '"') throw lexer.fault(`${fn.name} takes a path, not a text`, `name what it reads from each element: ${fn.name}($.ip)`)
  let steps: Step[]
  if (sign === '$') {
    const path = lexer.path()
    if (path.base === 'meta') throw lexer.fault('elements of a list have no _meta', `name what it reads from each element: ${fn.name}($.ip)`)
    steps = [...path.steps]
  } else {
    const first = lexer.takeWord()
    if (first === '') throw lexer.fault(`${lexer.next()} stands where a path is expected`, `name what it reads from each element: ${fn.name}($.ip)`)
    steps = [first, ...lexer.steps()]
  }
  return { form: 'element', path: { steps, read: compileSteps(steps) } }
}

function unclosed(lexer: Lexer): Error {
  const word = lexer.peekWord()
  if (word === '' && lexer.end()) return lexer.fault('the template is not closed', 'end it with }')
  return lexer.fault(`${lexer.next()} stands where | or } is expected`, 'functions follow a bar, keys a dot: ${x.name | upper}; odd keys stand in brackets: x["odd key"]')
}
