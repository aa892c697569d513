import type { Finding, Position } from './finding.js'
import type { Json, JsonObject } from './json.js'
import type { NetFile, SessionFile } from './language.js'

/** What a codec reads from one file: the language's own value and where each part of it stands. Not yet checked. */
export interface Draft<File = NetFile | SessionFile> {
  /** path in the repository, e.g. `nets/demo/ssh-watch.yaml` */
  readonly file: string
  readonly format: 'yaml' | 'pnml'
  /** undefined when the text could not be read as the language at all; `findings` then says why */
  readonly value: File | undefined
  /** what the codec already found: syntax, unknown keys, wrong types */
  readonly findings: readonly Finding[]
  /** where the element at a path stands: `['transitions', 'count', 'in', 'hit']`; the nearest ancestor when it has none of its own */
  readonly position: (path: readonly (string | number)[]) => Position
}

export type Kind = 'pass' | 'map' | 'link' | 'http' | 'llm' | 'agent' | 'command'
export const PURE_KINDS: ReadonlySet<Kind> = new Set<Kind>(['pass', 'map', 'link'])

declare const checked: unique symbol

/**
 * A net that the checker has passed: params filled in, defaults written out, addresses resolved. Plain JSON, so it is
 * what `design.nets.definition` holds. Only petri/doctor/check makes one: whoever holds a Net need not look for errors.
 */
export interface Net {
  readonly [checked]?: true
  readonly session: string
  readonly name: string
  readonly title?: string
  readonly description?: string
  readonly params: JsonObject
  readonly places: Readonly<Record<string, Place>>
  readonly transitions: Readonly<Record<string, Transition>>
  readonly budget?: Budget
  /** why parts of it cannot run yet (kinds and keys whose runtime is not there); empty when all can */
  readonly stalled: readonly { readonly transition: string; readonly reason: string; readonly message: string }[]
}

export type Category = 'task' | 'context' | 'tool' | 'learning'

/** `net/place` of the place that owns the tokens: its own, or the one it shares. */
export type Address = string

export interface Place {
  readonly name: string
  /** `net/place`; of the owner when this place shares another */
  readonly address: Address
  /** `net/place` it shares, when it does */
  readonly shares?: Address
  readonly category: Category
  readonly title?: string
  readonly description?: string
  /** declared tokens (data only) */
  readonly tokens: readonly Json[]
  readonly capacity?: number
  /** JSON Schema 2020-12 */
  readonly schema?: Json
  /** ArcQL paths, as text (`$.ip`) */
  readonly key?: readonly string[]
  readonly onDuplicate: 'refuse' | 'replace' | 'ignore'
  readonly keep?: number
  /** milliseconds */
  readonly ttl?: number
  /** bytes of canonical JSON of one token */
  readonly maxBytes: number
  /** sessions (or globs) that may send here */
  readonly open?: readonly string[]
  /** `session/net/place` this place sends to; it then holds no tokens itself */
  readonly sends?: string
}

export type Take =
  | { readonly form: 'one' }
  /** n: a number, or a template text such as `${order.count}` */
  | { readonly form: 'exactly'; readonly n: number | string }
  | { readonly form: 'all' }
  | { readonly form: 'upTo'; readonly n: number }

export interface InputArc {
  /** absent on inhibit arcs written without one; the name of the arc in any case */
  readonly variable: string
  /** place name in this net, or `_failed` */
  readonly from: string
  /** `net/place`, or `net/_failed` */
  readonly address: Address
  readonly mode: 'consume' | 'read' | 'inhibit'
  readonly take: Take
  readonly optional: boolean
  readonly otherwise: boolean
  /** ArcQL condition, as text */
  readonly where?: string
  /** ArcQL order, as text: `$.priority DESC, $.at` */
  readonly orderBy?: string
  /** a duration in milliseconds, or an ArcQL path to a duration or time in the token */
  readonly after?: number | string
}

export interface OutputArc {
  /** place name in this net */
  readonly to: string
  readonly address: Address
  /** any JSON with `${}`; `${result}` (or the error default) when the file gives none */
  readonly emit: Json
  /** true: `emit: tools`, only an agent's tools put here */
  readonly tools: boolean
  /** template text of a list */
  readonly each?: string
  readonly on: 'success' | 'error'
  readonly when: 'always' | 'otherwise' | { readonly condition: string }
  /** `session/net/place` when the place sends */
  readonly sends?: string
}

export type Schedule = ({ readonly every: number } | { readonly cron: string; readonly timezone: string }) & {
  readonly missed: 'once' | 'skip'
}

export interface Budget {
  readonly usd: number
  readonly per: 'firing' | 'hour' | 'day' | 'month'
}

export interface Transition {
  readonly name: string
  readonly kind: Kind
  readonly title?: string
  readonly description?: string
  /** in file order, which is binding order */
  readonly inputs: readonly InputArc[]
  readonly outputs: readonly OutputArc[]
  /** the kind's own inscription, as petri/kinds/<kind>.ts defines it, with params and defaults filled in; null for pass */
  readonly action: JsonObject | null
  /** ArcQL condition over the result: one for which it holds is rightly dropped */
  readonly drop?: string
  readonly schedule?: Schedule
  /** attempts in all; backoff bounds in milliseconds */
  readonly retry: { readonly attempts: number; readonly backoff: readonly [number, number] }
  /** milliseconds */
  readonly timeout: number
  readonly concurrency: number
  /** at most `limit` firings in `window` milliseconds, counted for each value of the template `per` when given */
  readonly rate?: { readonly limit: number; readonly window: number; readonly per?: string }
  /** labels that an executor must all carry */
  readonly executor: Readonly<Record<string, string>>
  /** NAME -> `env:VARIABLE` (a vault path later) */
  readonly credentials: Readonly<Record<string, string>>
  readonly budget?: Budget
  readonly approval?: { readonly by: 'merge'; readonly expires?: number }
  /** template text of US dollars spent outside */
  readonly cost?: string
}

/** session.yaml, checked; defaults written out. */
export interface SessionConfig {
  readonly session: string
  readonly title?: string
  readonly params: JsonObject
  readonly budget?: Budget
  /** milliseconds that events are kept */
  readonly retention: number
  readonly limits: Limits
}

export interface Limits {
  readonly depth: number
  readonly tokens: number
  readonly inbox: number
  readonly effects: number
  readonly awaiting: number
  readonly firings: { readonly limit: number; readonly window: number }
  readonly logBytes: number | null
}

export const DEFAULT_LIMITS: Limits = {
  depth: 1_000,
  tokens: 500_000,
  inbox: 100_000,
  effects: 256,
  awaiting: 100,
  firings: { limit: 10_000_000, window: 86_400_000 },
  logBytes: null,
}
