import type { Condition, Order, Path } from '../arcql/ast.js'
import { visitOperands } from '../arcql/evaluate.js'
import { parseCondition, parseOrder, parsePath } from '../arcql/parse.js'
import type { Json } from '../json.js'
import type { InputArc, OutputArc, Transition } from '../net.js'
import type { Misread, Parsed } from '../parsed.js'
import { parseTemplate, type Template } from '../template.js'
import { inputArcs, outputArcs } from './arcs.js'
import type { Subject } from './subject.js'

/** Where in a transition an expression stands, which settles the roots it may name. */
export type Site = 'where' | 'orderBy' | 'take' | 'after' | 'per' | 'do' | 'emit' | 'each' | 'when' | 'drop' | 'cost'

/** One condition, order, path or template of a transition, parsed. */
export interface Expression {
  readonly transition: Transition
  readonly site: Site
  readonly path: readonly (string | number)[]
  readonly language: 'condition' | 'order' | 'path' | 'template'
  readonly misread: Misread | undefined
  readonly condition?: Condition
  readonly order?: Order
  readonly template?: Template
  /** `${root.steps}` in it */
  readonly uses: readonly Use[]
  /** `$.a` in it: of the token, the result, the error or the item that it asks about */
  readonly subject: readonly Path[]
  readonly input?: InputArc
  readonly output?: OutputArc
}

export interface Use {
  readonly root: string
  readonly steps: readonly (string | number)[]
  /** `default` stands behind it */
  readonly optional: boolean
  /** names of the functions it goes through */
  readonly through: readonly string[]
  /** what stands between the braces */
  readonly text: string
  /** where in the JSON around it */
  readonly at: readonly (string | number)[]
}

type Around = Pick<Expression, 'transition' | 'site' | 'path'> & { readonly input?: InputArc; readonly output?: OutputArc }

/** Every expression of a net's transitions, each parsed once. */
export function expressionsOf(subject: Pick<Subject, 'net' | 'file'>): readonly Expression[] {
  const all: Expression[] = []
  for (const { transition, arc, path } of inputArcs(subject)) {
    const around = (site: Site): Around => ({ transition, site, path: [...path, site], input: arc })
    if (arc.where !== undefined) all.push(conditional(arc.where, around('where')))
    if (arc.orderBy !== undefined) all.push(ordering(arc.orderBy, around('orderBy')))
    if (arc.take.form === 'exactly' && typeof arc.take.n === 'string') all.push(templated(arc.take.n, around('take')))
    if (typeof arc.after === 'string') all.push(pathed(arc.after, around('after')))
  }
  for (const transition of Object.values(subject.net.transitions)) {
    const at = (site: Site, ...keys: string[]): Around => ({ transition, site, path: ['transitions', transition.name, ...keys] })
    if (transition.rate?.per !== undefined) all.push(templated(transition.rate.per, at('per', 'rate', 'per')))
    for (const key of TEMPLATES[transition.kind] ?? []) {
      const value = transition.action && Object.hasOwn(transition.action, key) ? transition.action[key] : undefined
      if (value !== undefined) all.push(templated(value, at('do', 'do', key)))
    }
    if (transition.drop !== undefined) all.push(conditional(transition.drop, at('drop', 'drop')))
    if (transition.cost !== undefined) all.push(templated(transition.cost, at('cost', 'cost')))
  }
  for (const { transition, arc, path } of outputArcs(subject)) {
    const around = (site: Site): Around => ({ transition, site, path: [...path, site], output: arc })
    if (arc.each !== undefined) all.push(templated(arc.each, around('each')))
    if (typeof arc.when === 'object') all.push(conditional(arc.when.condition, around('when')))
    if (!arc.tools) all.push(templated(arc.emit, around('emit')))
  }
  return all
}

/** Which parts of each kind's `do` are templates. */
const TEMPLATES: Readonly<Partial<Record<Transition['kind'], readonly string[]>>> = {
  map: ['template'],
  http: ['url', 'headers', 'query', 'json', 'form', 'text'],
  command: ['argv', 'pipeline', 'env', 'dir', 'stdin', 'workspace'],
  llm: ['prompt', 'system', 'temperature'],
  agent: ['prompt', 'system'],
}

function conditional(text: string, around: Around): Expression {
  const parsed = parseCondition(text)
  const uses: Use[] = []
  const subject: Path[] = []
  if (parsed.ok) {
    visitOperands(parsed.value, (operand) => {
      if (operand.kind === 'path') subject.push(operand.path)
      else if (operand.kind === 'template') uses.push(...operand.template.paths)
    })
  }
  return { ...around, language: 'condition', misread: misreadOf(parsed), uses, subject, ...(parsed.ok ? { condition: parsed.value } : {}) }
}

function ordering(text: string, around: Around): Expression {
  const parsed = parseOrder(text)
  const subject = parsed.ok ? parsed.value.map(({ path }) => path) : []
  return { ...around, language: 'order', misread: misreadOf(parsed), uses: [], subject, ...(parsed.ok ? { order: parsed.value } : {}) }
}

function pathed(text: string, around: Around): Expression {
  const parsed = parsePath(text)
  return { ...around, language: 'path', misread: misreadOf(parsed), uses: [], subject: parsed.ok ? [parsed.value] : [] }
}

function templated(value: Json, around: Around): Expression {
  const parsed = parseTemplate(value)
  return { ...around, language: 'template', misread: misreadOf(parsed), uses: parsed.ok ? parsed.value.paths : [], subject: [], ...(parsed.ok ? { template: parsed.value } : {}) }
}

function misreadOf(parsed: Parsed<unknown>): Misread | undefined {
  return parsed.ok ? undefined : parsed
}
