import type { Step } from '../arcql/path.js'
import type { Json } from '../json.js'
import type { Pattern } from '../pattern.js'
import type { Roots } from '../template.js'
import { type ElementPath, FunctionFault, type Parameter, type TemplateFunction, typeOf, type ValueType } from './function.js'
import { bounded } from './limit.js'
import { missing } from './missing.js'

export type Argument =
  | { readonly form: 'constant'; readonly value: Json }
  | { readonly form: 'path'; readonly root: string; readonly steps: readonly Step[]; readonly read: (roots: Roots) => Json | undefined }
  | { readonly form: 'element'; readonly path: ElementPath }
  | { readonly form: 'pattern'; readonly pattern: Pattern }
  | { readonly form: 'absent' }

/** One function with its arguments: what goes in may be missing, what comes out too. Throws FunctionFault. */
export type Call = (input: Json | undefined, roots: Roots) => Json | undefined

export function compileCall(fn: TemplateFunction, args: readonly Argument[]): Call {
  const check = inputCheck(fn)
  const apply = fn.apply as (input: Json | undefined, ...args: unknown[]) => Json | undefined
  if (args.every((arg) => arg.form !== 'path')) {
    const values = args.map(fixed)
    const [a, b] = values
    if (values.length <= 2) return (input, roots) => (check(input, roots) ? limited(apply(input, a, b)) : undefined)
    return (input, roots) => (check(input, roots) ? limited(apply(input, ...values)) : undefined)
  }
  const reads = args.map((arg, index) => argumentReader(fn, parameterAt(fn, index), arg))
  return (input, roots) => (check(input, roots) ? limited(apply(input, ...reads.map((read) => read(roots)))) : undefined)
}

/** What is wrong with a value for a parameter, or nothing. */
export function misfit(fn: TemplateFunction, parameter: Parameter, value: Json): FunctionFault | undefined {
  const form = parameter.replace(/^\.\.\.|\?$/g, '')
  if (form === 'value') return undefined
  const type = typeOf(value)
  if (form === 'integer' ? Number.isInteger(value) : form === type) return undefined
  return new FunctionFault(`${fn.name} takes ${form === 'integer' ? 'a whole number' : `${article(form as ValueType)} ${form}`} as argument, not ${phrase(value)}`, `it is used as ${fn.usage}`)
}

function parameterAt(fn: TemplateFunction, index: number): Parameter {
  return fn.parameters[index] ?? fn.parameters.at(-1)!
}

function fixed(arg: Argument): unknown {
  if (arg.form === 'constant') return arg.value
  if (arg.form === 'element') return arg.path
  return arg.form === 'pattern' ? arg.pattern : undefined
}

function argumentReader(fn: TemplateFunction, parameter: Parameter, arg: Argument): (roots: Roots) => unknown {
  if (arg.form !== 'path') {
    const value = fixed(arg)
    return () => value
  }
  const { read, root, steps } = arg
  return (roots) => {
    const value = read(roots)
    if (value === undefined) throw missing(root, steps, roots)
    const wrong = misfit(fn, parameter, value)
    if (wrong !== undefined) throw wrong
    return value
  }
}

/** False: nothing came in, so nothing comes out (`default` alone takes that). Throws on a type it does not take. */
function inputCheck(fn: TemplateFunction): (input: Json | undefined, roots: Roots) => boolean {
  if (fn.name === 'default') return () => true
  const { takes } = fn
  if (takes === 'any') return (input) => input !== undefined
  return (input) => {
    if (input === undefined) return false
    if (takes.includes(typeOf(input))) return true
    const wanted = takes.map((type) => `${article(type)} ${type}`).join(' or ')
    throw new FunctionFault(`${fn.name} takes ${wanted}, and ${phrase(input)} goes in`, input === null ? `put default(...) before it for what may be null` : `it is used as ${fn.usage}`)
  }
}

function limited(value: Json | undefined): Json | undefined {
  return typeof value === 'string' ? bounded(value) : value
}

function article(type: ValueType): string {
  return type === 'object' ? 'an' : 'a'
}

/** A value as an error names it: its type and, when short, itself. */
function phrase(value: Json): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value)}`
  return typeof value === 'object' ? `${article(typeOf(value))} ${typeOf(value)}` : `${typeof value === 'number' ? 'the number ' : ''}${value}`
}
