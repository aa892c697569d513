import type { Json } from '../../../petri/json.js'
import type { Usage } from '../../../petri/models.js'
import type { Message } from '../../../protocol/model.js'

/** What a scripted model is asked, the same for both wires. */
export interface ScriptedRequest {
  readonly wire: 'openai' | 'ollama'
  readonly model: string
  readonly messages: readonly Message[]
  readonly tools: readonly { readonly name: string, readonly description: string, readonly parameters: Json }[]
  readonly schema: Json | undefined
  /** its Idempotency-Key */
  readonly key: string | undefined
  readonly authorization: string | undefined
  readonly streamed: boolean
  readonly maxTokens: number | undefined
  readonly temperature: number | undefined
  /** text of the first user message */
  readonly first: string
  /** text of the last message, whoever it is from */
  readonly last: string
  /** assistant messages so far: 0 at the first call of a conversation */
  readonly turn: number
  /** as it came */
  readonly body: unknown
}

/** A tool call; a text as `input` goes out as the arguments' JSON, as it is. */
export interface ScriptedCall {
  readonly name: string
  readonly input: Json
  readonly id?: string
}

/** What a model says. `usage` is counted from the bytes unless given; null: none is told. `everyMs`: a pause between the pieces. */
export interface Said {
  readonly text?: string
  readonly calls?: readonly ScriptedCall[]
  readonly usage?: Partial<Usage> | null
  readonly stop?: 'end' | 'tools' | 'length' | 'refused'
  readonly everyMs?: number
  /** in one piece though a stream was asked for */
  readonly whole?: boolean
}

/** What goes wrong instead. Nothing of it is charged. */
export type Fault =
  /** half of the text, then the connection breaks; `politely`: the stream ends as if that were all, but for its finish */
  | { readonly fault: 'cut', readonly text?: string, readonly politely?: boolean }
  /** a line of the stream that is no JSON; `line`: this one */
  | { readonly fault: 'bad-json', readonly line?: string }
  /** a call whose arguments are no JSON */
  | { readonly fault: 'bad-arguments', readonly tool?: string }
  /** a call of a tool that nobody offered, one letter off an offered one */
  | { readonly fault: 'wrong-tool' }
  /** a call of an offered tool with parameters it does not have */
  | { readonly fault: 'unknown-parameters', readonly tool?: string }
  /** a call of a tool that exists and was not offered */
  | { readonly fault: 'forbidden-tool', readonly tool: string, readonly input?: Json }
  /** `retryAfter`: seconds, or a date */
  | { readonly fault: 'rate-limited', readonly retryAfter?: number | string }
  | { readonly fault: 'status', readonly status: number, readonly message?: string, readonly code?: string }
  /** an error told in the middle of a stream */
  | { readonly fault: 'error-midway', readonly text?: string, readonly message?: string }
  /** the same words without an end */
  | { readonly fault: 'endless', readonly text?: string }
  /** one answer of so many bytes: 10 MB unless given; `oneLine`: in one piece */
  | { readonly fault: 'huge', readonly bytes?: number, readonly oneLine?: boolean }
  /** nothing comes: no headers, or (`midway`) nothing after the first piece */
  | { readonly fault: 'hang', readonly midway?: boolean }

export type Reply = Said | Fault

/** Answers in order, each once; or what decides. */
export type Script = readonly Reply[] | ((request: ScriptedRequest) => Reply | Promise<Reply>)

/** A fault that is only a strange thing to say, said; the others are left. */
export function spoken(reply: Reply, request: ScriptedRequest): Reply {
  if (!('fault' in reply)) return reply
  const offered = request.tools[0]?.name ?? 'THINK'
  switch (reply.fault) {
    case 'bad-arguments':
      return { calls: [{ name: reply.tool ?? offered, input: '{"half": ' }] }
    case 'wrong-tool':
      return { calls: [{ name: `${offered}X`, input: {} }] }
    case 'unknown-parameters':
      return { calls: [{ name: reply.tool ?? offered, input: { no_such_parameter: 1 } }] }
    case 'forbidden-tool':
      return { calls: [{ name: reply.tool, input: reply.input ?? {} }] }
    default:
      return reply
  }
}
