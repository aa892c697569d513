import { compileCondition, isList } from '../../petri/arcql/evaluate.js'
import type { Comparison, Condition, Operand, Order, Path, Query } from '../../petri/arcql/ast.js'
import { canonicalText } from '../../petri/canonical.js'
import type { Json } from '../../petri/json.js'
import type { Roots } from '../../petri/template.js'
import { ORDINALS } from '../../petri/token.js'

/** A condition over rows of runtime.tokens. Every row for which it holds satisfies `text`; `residual` decides the rest. */
export interface ConditionSql {
  readonly text: string
  readonly values: readonly unknown[]
  /** what SQL cannot say (MATCHES): ask it of each row that comes */
  readonly residual: Condition | undefined
}

export interface QuerySql extends ConditionSql {
  /** after `order by`: never empty, arrival (id) decides at last */
  readonly order: string
  /** undefined while a residual is to be asked: rows are then counted after it */
  readonly limit: number | undefined
}

const NO_ROOTS: Roots = () => undefined

/** SQL for a condition; `before` is how many parameters the statement has already. `${}` are filled in from the roots. */
export function conditionSql(condition: Condition, before = 0, roots: Roots = NO_ROOTS): ConditionSql {
  const statement = new Statement(before, roots)
  return { ...statement.split(condition), values: statement.values }
}

/** SQL for a whole query. */
export function querySql(query: Query, before = 0, roots: Roots = NO_ROOTS): QuerySql {
  const statement = new Statement(before, roots)
  const { text, residual } = query.where === undefined ? { text: 'true', residual: undefined } : statement.split(query.where)
  return { text, residual, order: statement.order(query.order), limit: residual === undefined ? query.limit : undefined, values: statement.values }
}

/** SQL that may hold for more rows than the condition (over), or for fewer (under); exact says neither. */
type Side = 'over' | 'under'
interface Part {
  readonly text: string
  readonly exact: boolean
}

/** An operand as SQL: a value known now (undefined is missing), or an expression that is null where the path leads nowhere. */
type Term = { readonly known: true; readonly value: Json | undefined } | { readonly known: false; readonly text: string }

const META: Readonly<Record<string, string>> = {
  id: `to_jsonb((id / ${ORDINALS}) || '-' || (id % ${ORDINALS}))`,
  place: 'to_jsonb(place)',
  createdAt: `to_jsonb(to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`,
  producedBy: 'to_jsonb(produced_by)',
  parents: `(select coalesce(jsonb_agg((p.id / ${ORDINALS}) || '-' || (p.id % ${ORDINALS}) order by p.at), '[]') from unnest(parents) with ordinality as p(id, at))`,
  depth: 'to_jsonb(depth)',
  correlationId: 'to_jsonb(correlation)',
}
const WHOLE_META = `jsonb_build_object(${Object.entries(META).map(([name, text]) => `'${name}', ${text}`).join(', ')})`

class Statement {
  readonly values: unknown[] = []
  private readonly before: number
  private readonly roots: Roots
  private readonly numbers = new Map<string, number>()

  constructor(before: number, roots: Roots) {
    this.before = before
    this.roots = roots
  }

  split(condition: Condition): { text: string; residual: Condition | undefined } {
    const conjuncts = condition.kind === 'and' ? condition.of : [condition]
    const parts = conjuncts.map((part) => this.part(part, 'over'))
    const left = conjuncts.filter((_, index) => !parts[index]!.exact)
    const residual = left.length === 0 ? undefined : left.length === 1 ? left[0] : ({ kind: 'and', of: left } as const)
    return { text: parts.map((part) => part.text).join(' and '), residual }
  }

  order(keys: Order): string {
    return [...keys.flatMap(({ path, descending }) => {
      const value = this.path(path)
      const way = descending ? ' desc' : ''
      const rank = `case jsonb_typeof(${value}) when 'null' then 1 when 'boolean' then case when ${value} = 'true' then 3 else 2 end
        when 'number' then 4 when 'string' then 5 when 'array' then 6 when 'object' then 7 else 0 end`
      const number = `case when jsonb_typeof(${value}) = 'number' then (${value})::numeric end`
      const text = `(case when jsonb_typeof(${value}) = 'string' then ${value} #>> '{}' end) collate "C"`
      return [rank, number, text].map((key) => `${key}${way}`)
    }), 'id'].join(', ')
  }

  private part(condition: Condition, side: Side): Part {
    switch (condition.kind) {
      case 'and':
      case 'or': {
        const parts = condition.of.map((each) => this.part(each, side))
        return { text: `(${parts.map((each) => each.text).join(` ${condition.kind} `)})`, exact: parts.every((each) => each.exact) }
      }
      case 'not': {
        const inner = this.part(condition.of, side === 'over' ? 'under' : 'over')
        return { text: `(not ${inner.text})`, exact: inner.exact }
      }
      case 'exists':
        return { text: `(${this.path(condition.path)} is not null)`, exact: true }
      case 'matches':
        return this.matches(condition, side)
      case 'in':
        return { text: this.membership(condition), exact: true }
      default:
        return { text: this.binary(condition), exact: true }
    }
  }

  private matches(condition: Extract<Condition, { kind: 'matches' }>, side: Side): Part {
    const left = this.term(condition.left)
    const right = 'kind' in condition.right ? this.term(condition.right) : undefined
    if (left.known && (right === undefined || right.known)) return { text: this.now(condition), exact: true }
    return { text: side === 'under' || left.known ? `${side === 'over'}` : `(jsonb_typeof(${left.text}) = 'string') is true`, exact: false }
  }

  private binary(condition: Extract<Condition, { kind: 'compare' | 'contains' | 'starts' }>): string {
    const left = this.term(condition.left)
    const right = this.term(condition.right)
    if (left.known && right.known) return this.now(condition)
    if ((left.known && left.value === undefined) || (right.known && right.value === undefined)) return 'false'
    if (condition.kind === 'contains') return this.contains(left, right)
    if (condition.kind === 'starts') return `(${this.texts(left, right, (a, b) => `starts_with(${a}, ${b})`)}) is true`
    const { operator } = condition
    if (operator === '==' || operator === '!=') return `(${this.json(left)} ${operator === '==' ? '=' : '<>'} ${this.json(right)}) is true`
    return this.ordered(operator, left, right)
  }

  /** Only two numbers or two texts have an order. */
  private ordered(operator: Comparison, left: Term, right: Term): string {
    const numbers = this.both(left, right, 'number', (term) => (term.known ? this.parameter(canonicalText(term.value!), 'numeric') : `(${term.text})::numeric`))
    const number = numbers === undefined ? '' : ` when ${numbers.when} then ${numbers.left} ${operator} ${numbers.right}`
    const texts = this.both(left, right, 'string', (term) => this.plain(term))
    const text = texts === undefined ? '' : ` when ${texts.when} then ${texts.left} collate "C" ${operator} ${texts.right} collate "C"`
    return number === '' && text === '' ? 'false' : `(case${number}${text} end) is true`
  }

  private contains(left: Term, right: Term): string {
    const text = this.texts(left, right, (a, b) => `strpos(${a}, ${b}) > 0`)
    if (left.known && !Array.isArray(left.value)) return `(${text}) is true`
    const element = `exists (select from jsonb_array_elements(case when jsonb_typeof(${this.json(left)}) = 'array' then ${this.json(left)} else '[]' end) as e(v) where e.v = ${this.json(right)})`
    return `((${text}) is true or ${element})`
  }

  private membership(condition: Extract<Condition, { kind: 'in' }>): string {
    const left = this.term(condition.left)
    if (left.known && left.value === undefined) return 'false'
    if (!isList(condition.right)) {
      const right = this.term(condition.right)
      if (left.known && right.known) return this.now(condition)
      if (right.known && !Array.isArray(right.value)) return 'false'
      return this.among(left, `case when jsonb_typeof(${this.json(right)}) = 'array' then ${this.json(right)} else '[]' end`)
    }
    const items = condition.right.map((operand) => this.term(operand))
    if (left.known && items.every((item) => item.known)) return this.now(condition)
    const constants = items.flatMap((item) => (item.known && item.value !== undefined ? [item.value] : []))
    const rest = items.flatMap((item) => (item.known ? [] : [`(${this.json(left)} = ${item.text}) is true`]))
    return `(${[...(constants.length > 0 ? [this.among(left, this.json({ known: true, value: constants }))] : []), ...rest].join(' or ') || 'false'})`
  }

  private among(left: Term, list: string): string {
    return `(${this.json(left)} = any (array(select jsonb_array_elements(${list})))) is true`
  }

  /** A test of two texts; null when one of them is none. */
  private texts(left: Term, right: Term, test: (a: string, b: string) => string): string {
    const both = this.both(left, right, 'string', (term) => this.plain(term))
    return both === undefined ? 'false' : `case when ${both.when} then ${test(both.left, both.right)} end`
  }

  private both(left: Term, right: Term, type: 'number' | 'string', write: (term: Term) => string): { when: string; left: string; right: string } | undefined {
    for (const term of [left, right]) if (term.known && typeof term.value !== type) return undefined
    const when = [left, right].flatMap((term) => (term.known ? [] : [`jsonb_typeof(${term.text}) = '${type}'`])).join(' and ')
    return { when, left: write(left), right: write(right) }
  }

  private plain(term: Term): string {
    return term.known ? this.parameter(term.value as string, 'text') : `(${term.text} #>> '{}')`
  }

  private json(term: Term): string {
    return term.known ? this.parameter(canonicalText(term.value!), 'jsonb') : term.text
  }

  private term(operand: Operand): Term {
    if (operand.kind === 'path') {
      // written only when it is used: a parameter that stands in no text is refused by Postgres
      const write = (): string => this.path(operand.path)
      return { known: false, get text() { return write() } }
    }
    return { known: true, value: operand.kind === 'literal' ? operand.value : operand.template.resolve(this.roots) }
  }

  private path(path: Path): string {
    let steps = path.steps
    let text = 'data'
    if (path.base === 'meta') {
      const [first] = steps
      const column = typeof first === 'string' && Object.hasOwn(META, first) ? META[first]! : undefined
      text = column ?? WHOLE_META
      if (column !== undefined) steps = steps.slice(1)
    }
    if (steps.every((step) => typeof step === 'string')) return steps.reduce<string>((from, step) => `(${from} -> ${this.parameter(step, 'text')})`, text)
    // `->` with an index would step into a bare value too, and be doubled by a check of the type; strict mode does neither
    const strict = steps.map((step) => (typeof step === 'string' ? `.${JSON.stringify(step)}` : `[${step}]`)).join('')
    return `jsonb_path_query_first(${text}, ${this.parameter(`strict $${strict}`, 'jsonpath')}, '{}', true)`
  }

  private parameter(value: string, type: string): string {
    const key = `${type}:${value}`
    const number = this.numbers.get(key) ?? this.values.push(value) + this.before
    this.numbers.set(key, number)
    return `$${number}::${type}`
  }

  /** What does not depend on the row is decided here. */
  private now(condition: Condition): string {
    return `${compileCondition(condition)({ data: null, meta: () => null }, this.roots)}`
  }
}
