import { Lexer } from './arcql/lexer.js'
import { canonicalText } from './canonical.js'
import type { Json } from './json.js'
import { MAX_DEPTH } from './json-text.js'
import { attempt, ParseFault, type Parsed } from './parsed.js'
import { type Expression, parseExpression, type TemplatePath } from './template/expression.js'
import { FunctionFault } from './template/function.js'
import { MAX_TEXT, tooLong } from './template/limit.js'

/** What the names of a template stand for: a variable, `_x`, `result`, `params` and the rest; undefined is unknown. */
export type Roots = (name: string) => Json | undefined

/** Where a text stands in the JSON around it. */
export type Place = readonly (string | number)[]

/** Any JSON with `${}` in its texts, laid out for filling. */
export interface Template {
  readonly source: Json
  readonly constant: boolean
  readonly roots: ReadonlySet<string>
  readonly paths: readonly (TemplatePath & { readonly at: Place; readonly text: string })[]
  /** throws TemplateError */
  readonly run: (roots: Roots) => Json
  /** undefined where `run` would throw */
  readonly resolve: (roots: Roots) => Json | undefined
}

/** Why a template cannot be filled: which text of it, which expression, what is there instead. */
export class TemplateError extends Error {
  readonly path: Place
  readonly expression: string
  readonly remedy: string

  constructor(path: Place, expression: string, reason: string, remedy: string) {
    const where = path.length === 0 ? '' : ` at ${path.join('.')}`
    super(`\${${expression}}${where}: ${reason}`)
    this.name = 'TemplateError'
    this.path = path
    this.expression = expression
    this.remedy = remedy
  }
}

export function parseTemplate(value: Json): Parsed<Template> {
  const at: (string | number)[] = []
  return attempt(() => {
    const paths: Template['paths'][number][] = []
    const part = compile(value, at, paths)
    return made(value, part, paths)
  }, at)
}

/** The template's value under these roots, canonical when they are. */
export function fill(template: Template, roots: Roots): Json {
  return template.run(roots)
}

/** `fill`, with undefined in place of a TemplateError. */
export function resolve(template: Template, roots: Roots): Json | undefined {
  return template.resolve(roots)
}

export function templateRoots(template: Template): ReadonlySet<string> {
  return template.roots
}

export function templatePaths(template: Template): Template['paths'] {
  return template.paths
}

export function isConstant(template: Template): boolean {
  return template.constant
}

/** The template of one `${}` whose inside is parsed already: ArcQL's operands. */
export function templateOf(expression: Expression): Template {
  const source = `\${${expression.text}}`
  return made(source, filler(expression, []), expression.paths.map((path) => ({ ...path, at: [], text: expression.text })), expression)
}

type Run = (roots: Roots) => Json
type Part = { readonly constant: true; readonly value: Json } | { readonly constant: false; readonly run: Run }
type Paths = Template['paths'][number][]

function made(source: Json, part: Part | Run, paths: Paths, only?: Expression): Template {
  const constant = typeof part !== 'function' && part.constant
  const run: Run = typeof part === 'function' ? part : part.constant ? () => part.value : part.run
  return {
    source,
    constant,
    run,
    roots: new Set(paths.map((path) => path.root)),
    paths,
    resolve: only?.bare === true ? only.read : (roots) => quietly(run, roots),
  }
}

function quietly(run: Run, roots: Roots): Json | undefined {
  try {
    return run(roots)
  } catch (error) {
    if (error instanceof TemplateError) return undefined
    throw error
  }
}

function compile(value: Json, at: (string | number)[], paths: Paths): Part {
  if (typeof value === 'string') return compileText(value, [...at], paths)
  if (typeof value === 'number') return { constant: true, value: value + 0 }
  if (typeof value !== 'object' || value === null) return { constant: true, value }
  if (at.length >= MAX_DEPTH) throw new ParseFault(`the template is nested over ${MAX_DEPTH} levels`, 'flatten it', 0)
  return Array.isArray(value) ? compileList(value, at, paths) : compileObject(value as { readonly [key: string]: Json }, at, paths)
}

function compileList(list: readonly Json[], at: (string | number)[], paths: Paths): Part {
  const parts = list.map((element, index) => inside(element, index, at, paths))
  if (parts.every((part) => part.constant)) return { constant: true, value: parts.map((part) => part.value) }
  const runs = parts.map(runOf)
  return {
    constant: false,
    run(roots) {
      const out: Json[] = []
      for (let index = 0; index < runs.length; index++) out.push(runs[index]!(roots))
      return out
    },
  }
}

function compileObject(object: { readonly [key: string]: Json }, at: (string | number)[], paths: Paths): Part {
  const keys = Object.keys(object).sort()
  const parts = keys.map((key) => inside(object[key]!, key, at, paths))
  const names = keys.map((key, index) => literalKey(key, [...at, index]))
  if (parts.every((part) => part.constant)) return { constant: true, value: Object.fromEntries(names.map((name, index) => [name, (parts[index] as { value: Json }).value])) }
  const runs = parts.map(runOf)
  const size = names.length
  if (names.includes('__proto__')) return { constant: false, run: (roots) => Object.fromEntries(names.map((name, index) => [name, runs[index]!(roots)])) }
  return {
    constant: false,
    run(roots) {
      const out: { [key: string]: Json } = {}
      for (let index = 0; index < size; index++) out[names[index]!] = runs[index]!(roots)
      return out
    },
  }
}

function inside(value: Json, step: string | number, at: (string | number)[], paths: Paths): Part {
  at.push(step)
  const part = compile(value, at, paths)
  at.pop()
  return part
}

function runOf(part: Part): Run {
  if (!part.constant) return part.run
  const { value } = part
  return () => value
}

/** Keys are names, not templates: one that depends on data is made with `with`. */
function literalKey(key: string, at: Place): string {
  const hole = key.replaceAll('$${', '').indexOf('${')
  if (hole < 0) return key.replaceAll('$${', '${')
  throw new ParseFault(`the key ${JSON.stringify(key)}${at.length > 1 ? ` at ${at.slice(0, -1).join('.')}` : ''} holds a template`, 'keys are fixed names; write ${x | with(x.name, x.value)} for one that depends on data', hole)
}

/** Text between holes, `$${` already undone; one hole alone keeps its value's type. */
function compileText(text: string, at: Place, paths: Paths): Part {
  const texts: string[] = ['']
  const holes: Expression[] = []
  let from = 0
  for (let hole = text.indexOf('${'); hole >= 0; hole = text.indexOf('${', from)) {
    if (text[hole - 1] === '$' && hole > from) {
      texts[texts.length - 1] += `${text.slice(from, hole - 1)}\${`
      from = hole + 2
      continue
    }
    texts[texts.length - 1] += text.slice(from, hole)
    const lexer = new Lexer(text, hole + 2)
    const expression = parseExpression(lexer)
    for (const path of expression.paths) paths.push({ ...path, at, text: expression.text })
    holes.push(expression)
    texts.push('')
    from = lexer.at
  }
  texts[texts.length - 1] += text.slice(from)
  if (holes.length === 0) return { constant: true, value: texts[0]! }
  const runs = holes.map((expression) => filler(expression, at))
  if (holes.length === 1 && texts[0] === '' && texts[1] === '') return { constant: false, run: runs[0]! }
  return {
    constant: false,
    run(roots) {
      let out = texts[0]!
      for (let index = 0; index < runs.length; index++) {
        const value = runs[index]!(roots)
        out += (typeof value === 'string' ? value : canonicalText(value)) + texts[index + 1]!
        if (out.length > MAX_TEXT) {
          const fault = tooLong()
          throw new TemplateError(at, text.slice(0, 80), fault.message, fault.remedy)
        }
      }
      return out
    },
  }
}

function filler(expression: Expression, at: Place): Run {
  const { read, text, explain } = expression
  const failed = (fault: FunctionFault): TemplateError => new TemplateError(at, text, fault.message, fault.remedy)
  if (expression.bare) {
    return (roots) => {
      const value = read(roots)
      if (value === undefined) throw failed(explain(roots))
      return value
    }
  }
  return (roots) => {
    let value: Json | undefined
    try {
      value = read(roots)
    } catch (error) {
      throw error instanceof FunctionFault ? failed(error) : error
    }
    if (value === undefined) throw failed(explain(roots))
    return value
  }
}
