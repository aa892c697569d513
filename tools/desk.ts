import type { Finding } from '../petri/finding.js'
import type { Json, JsonObject } from '../petri/json.js'
import type { Net, Place, Transition } from '../petri/net.js'
import type { Caller } from './caller.js'

/** `session/net/place` or `session/net/transition`, resolved against the caller's session. */
export interface Address {
  readonly session: string
  readonly net: string
  readonly element: string
}

/** What tools lean on: the controller's ports, bound to one caller whose right to this tool is settled already. */
export interface Desk {
  readonly caller: Caller
  /** aborted when nobody waits for the answer any more */
  readonly signal: AbortSignal
  readonly nets: NetPort
  readonly tokens: TokenPort
  readonly drafts: DraftPort
  readonly operate: OperatePort
  readonly history: HistoryPort
  readonly outside: OutsidePort
}

/** Nets that run, as the applied generation has them. All throw Refusal `not-found` with the nearest name. */
export interface NetPort {
  sessions(): Promise<readonly { session: string; title: string; nets: number; ready: boolean; message: string; stopped: boolean; failed: number; usd: number }[]>
  nets(session: string): Promise<ReadonlyMap<string, Net>>
  net(session: string, net: string): Promise<Net>
  /** state of nets of a session: revision, health, counts */
  status(session: string): Promise<readonly { net: string; revision: string; ready: boolean; message: string; state: string; tokens: number; failed: number }[]>
  place(address: Address): Promise<Place>
  transition(address: Address): Promise<Transition>
  /** tokens in the places of a session, by `net/place` */
  counts(session: string): Promise<ReadonlyMap<string, { tokens: number; oldest: string | null; newest: string | null }>>
  transitionState(address: Address): Promise<{ state: string; ready: boolean; message: string; failed: number; running: number; waiting: readonly string[]; recent: RecentFirings; usd: number }>
  executors(): Promise<readonly { name: string; state: string; labels: Readonly<Record<string, string>>; kinds: readonly string[] }[]>
  models(): Promise<readonly { name: string; provider: string; model: string; price: string }[]>
}

/** Of the last twenty firings. */
export interface RecentFirings {
  readonly fired: number
  readonly failed: number
  readonly going: number
  readonly lastAt: string | null
  readonly meanMs: number | null
}

export interface ListedToken {
  readonly id: string
  readonly place: string
  readonly data: Json
  readonly createdAt: string
  readonly producedBy: string
  readonly correlationId: string
  readonly state: 'free' | 'reserved'
}

export interface TokenPort {
  /** `arcql`: a condition, or a whole query; throws Refusal `bad-query` */
  list(address: Address, query: { arcql?: string | undefined; limit: number; cursor?: string | undefined }): Promise<{ tokens: readonly ListedToken[]; next?: string | undefined }>
  find(session: string, id: string): Promise<ListedToken>
  /** resolves when something may have changed in the session, or after so long */
  news(session: string, ms: number): Promise<void>
  /** decided by the session's owner; throws Refusal with its reason */
  put(address: Address, data: Json, correlationId: string | undefined): Promise<{ id: string }>
  remove(session: string, id: string, reason: string): Promise<void>
  /** of a call that waits for its reply: the same for the same call */
  freshCorrelation(): string
}

export interface DraftView {
  readonly key: string
  readonly branch: string
  readonly base: string
  readonly head: string
  readonly proposal: number | null
  readonly files: readonly string[]
}

/** The caller's draft: a branch made at the first write, edited file by file, proposed in the end. */
export interface DraftPort {
  /** the net as the draft has it, else as main has it; undefined when neither does. `value` is the file as it stands, finished or not */
  read(session: string, net: string): Promise<{ value: JsonObject; path: string; text: string } | undefined>
  /** changes one net; `edit` is pure and may be run again. undefined deletes it; an EditFault is a Refusal. `what` begins with the tool's name */
  edit(session: string, net: string, what: string, edit: (value: JsonObject | undefined, path: string) => JsonObject | undefined): Promise<DraftOutcome>
  view(): Promise<DraftView | undefined>
  /** what the draft has and main has not, errors first; or all of one net, as the draft (else main) has it */
  findings(session?: string, net?: string): Promise<readonly Finding[]>
  /** a net at a ref: `running`, `draft` (main where there is none), a branch or a commit; checked. Refusal `not-found` with the nearest name */
  at(ref: string, session: string, net: string): Promise<NetAt>
  /** findings that a net would have after an edit that is not made */
  tried(session: string, net: string, edit: (value: JsonObject, path: string) => JsonObject): Promise<readonly Finding[]>
  /** the semantic diff of the draft against main, as text; '' when there is none */
  diff(): Promise<string>
  /** opens the draft's proposal, or moves it along; undefined when the draft changes nothing. Refusal `draft-has-errors` with findings */
  propose(summary: string): Promise<ProposedDraft | undefined>
  /** merges the draft's own proposal where policy lets this caller; else says who must */
  merge(): Promise<{ merged: boolean; proposal: number; commit: string | null; reason: string }>
}

export interface NetAt {
  readonly ref: string
  readonly commit: string
  readonly path: string
  readonly text: string
  /** undefined when it has errors */
  readonly net: Net | undefined
  readonly findings: readonly Finding[]
}

export interface DraftOutcome {
  readonly branch: string
  readonly changed: boolean
  readonly findings: readonly Finding[]
}

export interface ProposedDraft {
  readonly proposal: number
  /** false: it went on with the proposal of the same conversation */
  readonly opened: boolean
  readonly title: string
  readonly mergeable: boolean
  readonly reason: string
  readonly diff: string
}

export interface OperatePort {
  /** net and transition '' are the whole of what contains them */
  lifecycle(session: string, net: string, transition: string, state: 'running' | 'stopped', reason: string): Promise<{ state: string; leased: readonly number[] }>
  /** one firing now; `wait` milliseconds for its end */
  fire(address: Address, waitMs: number): Promise<{ firing: number | null; state: string; produced: readonly ListedToken[]; error: string }>
  retry(session: string, token: string): Promise<void>
}

export interface HistoryPort {
  events(query: { session: string; net?: string | undefined; transition?: string | undefined; firing?: number | undefined; type?: string | undefined; since?: string | undefined; until?: string | undefined; newest?: boolean | undefined; cursor?: string | undefined; limit: number }): Promise<{ events: readonly JsonObject[]; next?: string | undefined }>
  /** written into the session's log as `agent.noted` */
  note(session: string, note: JsonObject): Promise<void>
}

/** Work done by an executor: one HTTP call, or a container. */
export interface OutsidePort {
  http(session: string, call: { method: string; url: string; headers: Readonly<Record<string, string>>; body?: Json | undefined; credential?: string | undefined }, waitMs: number): Promise<Json>
  container(session: string, order: JsonObject, waitMs: number): Promise<Json>
}
