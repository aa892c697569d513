import { compileCondition, conditionJoins, conditionRoots, type Subject } from './arcql/evaluate.js'
import type { Path } from './arcql/ast.js'
import { parseCondition, parseOrder, parsePath } from './arcql/parse.js'
import { compileOrder } from './arcql/order.js'
import type { Json } from './json.js'
import type { Address, InputArc, Net, OutputArc, Place, SessionConfig, Transition } from './net.js'
import { PURE_KINDS } from './net.js'
import { compileSchema } from './schema.js'
import { parseTemplate, type Roots, type Template } from './template.js'
import { byArrival, type TokenOrder } from './token-queue.js'

/** All nets of a session at one generation, ready to run: texts parsed, addresses resolved, consumers known. */
export interface Program {
  readonly session: string
  readonly generation: number
  readonly config: SessionConfig
  readonly nets: ReadonlyMap<string, Net>
  /** by address; `net/_failed` included */
  readonly places: ReadonlyMap<Address, PlaceProgram>
  /** by `net/transition` */
  readonly transitions: ReadonlyMap<string, TransitionProgram>
  /** patterns from data that RE2 refused since they were last taken: each matched nothing */
  readonly refusals: Map<string, { readonly transition: string; readonly reason: string }>
}

export interface PlaceProgram {
  readonly address: Address
  readonly place: Place
  readonly key: readonly Path[] | undefined
  /** what is wrong with a value, or nothing */
  readonly misfits: ((value: Json) => readonly { path: string; message: string }[]) | undefined
  /** inputs that read, consume or are inhibited by tokens here */
  readonly consumers: InputProgram[]
}

export interface TransitionProgram {
  /** `net/transition` */
  readonly address: string
  readonly net: Net
  readonly transition: Transition
  readonly pure: boolean
  /** false: its kind or a key of it has no runtime yet (Net.stalled), or it is a link */
  readonly runnable: boolean
  readonly inputs: readonly InputProgram[]
  readonly outputs: readonly OutputProgram[]
  readonly action: Template
  readonly drop: Condition | undefined
  readonly cost: Template | undefined
  readonly ratePer: Template | undefined
}

export type Condition = (subject: Subject, roots: Roots) => boolean

export interface InputProgram {
  readonly index: number
  readonly arc: InputArc
  readonly owner: TransitionProgram
  /** decided once, when the token is born: false means this arc will never take it */
  readonly wants: (token: Subject) => boolean
  /** asked while binding, when the condition names other variables */
  readonly guard: Condition | undefined
  /** `==` between a path of this token and a template over one earlier variable */
  readonly join: { readonly path: Path; readonly value: Template; readonly root: number } | undefined
  readonly order: TokenOrder
  readonly count: number | Template | undefined
  readonly afterPath: Path | undefined
  /** an earlier input takes from the same place: the same token must not be bound twice */
  readonly clash: boolean
}

export interface OutputProgram {
  readonly arc: OutputArc
  readonly emit: Template
  readonly each: Template | undefined
  readonly condition: Condition | undefined
}

/** Texts of a Net are checked already, so a parse that fails here is a fault of ours, not of the net. */
function must<T>(parsed: { ok: true; value: T } | { ok: false; message: string }, text: unknown): T {
  if (parsed.ok) return parsed.value
  throw new Error(`a checked net holds a text that does not parse: ${JSON.stringify(text)}: ${parsed.message}`)
}

/** The program of a session. Nets must be of that session and checked together. */
export function compile(config: SessionConfig, generation: number, nets: readonly Net[]): Program {
  const places = new Map<Address, PlaceProgram>()
  const transitions = new Map<string, TransitionProgram>()
  const refusals: Program['refusals'] = new Map()
  const byName = new Map(nets.map((net) => [net.name, net] as const))
  for (const net of nets) {
    for (const place of Object.values(net.places)) {
      if (place.shares === undefined && place.sends === undefined) places.set(place.address, compilePlace(place))
    }
    places.set(`${net.name}/_failed`, compilePlace(failedPlace(net.name)))
  }
  for (const net of nets) {
    for (const transition of Object.values(net.transitions)) {
      transitions.set(`${net.name}/${transition.name}`, compileTransition(net, transition, refusals))
    }
  }
  for (const program of transitions.values()) {
    for (const input of program.inputs) if (program.runnable) places.get(input.arc.address)?.consumers.push(input)
  }
  settleOtherwise(transitions)
  return { session: config.session, generation, config, nets: byName, places, transitions, refusals }
}

const FAILED_KEEP = 10_000

function failedPlace(net: string): Place {
  const name = '_failed'
  return { name, address: `${net}/${name}`, category: 'task', tokens: [], onDuplicate: 'refuse', keep: FAILED_KEEP, maxBytes: 16 * 2 ** 20 }
}

function compilePlace(place: Place): PlaceProgram {
  return {
    address: place.address,
    place,
    key: place.key?.map((path) => must(parsePath(path), path)),
    misfits: place.schema === undefined ? undefined : must(compileSchema(place.schema), place.schema),
    consumers: [],
  }
}

function compileTransition(net: Net, transition: Transition, refusals: Program['refusals']): TransitionProgram {
  const address = `${net.name}/${transition.name}`
  const refused: Refused = (pattern, reason) => {
    if (refusals.size < MOST_REFUSALS) refusals.set(pattern, { transition: address, reason })
  }
  const inputs: InputProgram[] = []
  const stalled = net.stalled.some((entry) => entry.transition === transition.name)
  const program: TransitionProgram = {
    address,
    net,
    transition,
    pure: PURE_KINDS.has(transition.kind),
    runnable: !stalled && transition.kind !== 'link',
    inputs,
    outputs: transition.outputs.filter((arc) => !arc.tools).map((arc) => compileOutput(arc, refused)),
    action: must(parseTemplate(actionTemplate(transition)), transition.action),
    drop: transition.drop === undefined ? undefined : condition(transition.drop, refused),
    cost: transition.cost === undefined ? undefined : must(parseTemplate(transition.cost), transition.cost),
    ratePer: transition.rate?.per === undefined ? undefined : must(parseTemplate(transition.rate.per), transition.rate.per),
  }
  for (const [index, arc] of transition.inputs.entries()) inputs.push(compileInput(program, arc, index, refused))
  return program
}

/** What of an inscription is filled when it fires; a kind that never runs here has texts that are no templates. */
function actionTemplate({ kind, action }: Transition): Json {
  if (kind === 'map') return action?.['template'] ?? null
  return kind === 'http' || kind === 'command' ? action : null
}

/** Refused patterns that are told of at once; a flood of them says no more. */
const MOST_REFUSALS = 20
type Refused = (pattern: string, reason: string) => void

function condition(text: string, refused: Refused): Condition {
  return compileCondition(must(parseCondition(text), text), refused)
}

function compileOutput(arc: OutputArc, refused: Refused): OutputProgram {
  return {
    arc,
    emit: must(parseTemplate(arc.emit), arc.emit),
    each: arc.each === undefined ? undefined : must(parseTemplate(arc.each), arc.each),
    condition: typeof arc.when === 'object' ? condition(arc.when.condition, refused) : undefined,
  }
}

function compileInput(owner: TransitionProgram, arc: InputArc, index: number, refused: Refused): InputProgram {
  const where = arc.where === undefined ? undefined : must(parseCondition(arc.where), arc.where)
  const roots = where ? conditionRoots(where) : new Set<string>()
  const fixed = [...roots].every((root) => root === 'params')
  const test = where ? compileCondition(where, refused) : undefined
  const paramsOnly: Roots = (name) => (name === 'params' ? owner.net.params : undefined)
  const order = arc.orderBy === undefined ? undefined : compileOrder(must(parseOrder(arc.orderBy), arc.orderBy))
  const earlier = owner.inputs.slice(0, index)
  const join = where && !fixed ? conditionJoins(where).map((found) => ({ ...found, at: earlier.findIndex((input) => input.arc.variable === found.root && input.arc.take.form === 'one' && input.arc.mode !== 'inhibit') })).find((found) => found.at >= 0) : undefined
  const take = arc.take
  return {
    index,
    arc,
    owner,
    wants: test && fixed ? (token) => test(token, paramsOnly) : () => true,
    guard: test && !fixed ? test : undefined,
    join: join ? { path: join.path, value: join.template, root: join.at } : undefined,
    order: order ? (a, b) => order(a, b) || a.id - b.id : byArrival,
    count: take.form === 'one' || take.form === 'all' ? undefined : typeof take.n === 'number' ? take.n : must(parseTemplate(take.n), take.n),
    afterPath: typeof arc.after === 'string' ? must(parsePath(arc.after), arc.after) : undefined,
    clash: earlier.some((input) => input.arc.address === arc.address),
  }
}

/** `otherwise: true` wants what no other consuming arc's own `where` from that place holds for, in any net. */
function settleOtherwise(transitions: ReadonlyMap<string, TransitionProgram>): void {
  const all = [...transitions.values()].flatMap((program) => program.inputs)
  for (const input of all.filter((candidate) => candidate.arc.otherwise)) {
    const rivals = all.filter((other) => other !== input && other.arc.address === input.arc.address && other.arc.mode === 'consume' && !other.arc.otherwise && other.arc.where !== undefined)
    const own = input.wants
    const mutable = input as { wants: InputProgram['wants'] }
    mutable.wants = (token) => own(token) && !rivals.some((rival) => rival.wants(token))
  }
}
