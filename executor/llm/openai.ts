import type { ChatCompletionCreateParamsStreaming, ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources/chat/completions'
import { isObject, type Json } from '../../petri/json.js'
import type { Answer, AskedCall, Message } from '../../protocol/model.js'
import type { Egress } from '../kinds/egress.js'
import { post } from './post.js'
import { ModelFault, type Ask, type Provider } from './provider.js'
import { midwayFault, refusalFault } from './refusal.js'
import { Spoken, tokens } from './spoken.js'

/** Any server that speaks POST /chat/completions with a stream: OpenAI, OpenRouter, vLLM, LM Studio, llama.cpp, Ollama. */
export function openai(egress: Egress, authorization: string | undefined): Provider {
  return {
    async ask(ask) {
      const url = new URL(ask.model.url)
      url.pathname = `${url.pathname.replace(/\/+$/, '')}/chat/completions`
      const headers = {
        'content-type': 'application/json', 'accept': 'text/event-stream', 'idempotency-key': ask.idempotencyKey, ...(authorization === undefined ? {} : { authorization }),
      }
      const stream = new Stream(ask, url.host)
      try {
        const refusal = await post(egress, { url, headers, body: bodyOf(ask, url.host) }, ask.signal, (line) => stream.line(line))
        if (refusal !== undefined) throw refusalFault(ask.model, url.host, refusal)
        stream.close()
        if (!stream.finished) throw new ModelFault('transport', `${url.host} ended its answer in the middle`, true)
        return stream.spoken.answer()
      } catch (error) {
        return stream.spoken.despite(error, stream.finished)
      }
    },
  }
}

/** A conversation is sent whole with each of its calls: what was written as JSON once is kept with it. */
const written = new WeakMap<object, string>()

function textOf<T extends object>(what: T, make: (what: T) => object): string {
  const before = written.get(what)
  if (before !== undefined) return before
  const text = JSON.stringify(make(what))
  written.set(what, text)
  return text
}

function bodyOf(ask: Ask, host: string): string {
  const { messages, tools } = ask
  const told = messages.map((message) => textOf(message, messageOf)).join(',')
  return `${JSON.stringify(restOf(ask, host)).slice(0, -1)},"messages":[${told}]${tools.length === 0 ? '' : `,"tools":${textOf(tools, toolsOf)}`}}`
}

function restOf({ model, schema, temperature, maxTokens }: Ask, host: string): Omit<ChatCompletionCreateParamsStreaming, 'messages' | 'tools'> {
  return {
    model: model.model, stream: true, stream_options: { include_usage: true },
    // OpenAI's own newer models refuse the one, most other servers know no other.
    ...(host === 'api.openai.com' ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(schema === undefined ? {} : { response_format: { type: 'json_schema' as const, json_schema: { name: 'answer', schema: schema as Record<string, unknown> } } }),
  }
}

function toolsOf(tools: Ask['tools']): ChatCompletionTool[] {
  return tools.map(({ name, description, parameters }) => ({ type: 'function', function: { name, description, parameters: parameters as Record<string, unknown> } }))
}

function messageOf(message: Message): ChatCompletionMessageParam {
  switch (message.role) {
    case 'system':
    case 'user':
      return { role: message.role, content: message.text }
    case 'tool':
      return { role: 'tool', tool_call_id: message.id, content: message.text }
    case 'assistant': {
      if (message.calls.length === 0) return { role: 'assistant', content: message.text }
      const calls = message.calls.map((call) => ({ id: call.id, type: 'function' as const, function: { name: call.name, arguments: JSON.stringify(argumentsOf(call)) } }))
      return { role: 'assistant', content: message.text === '' ? null : message.text, tool_calls: calls }
    }
  }
}

/** Servers read a conversation's arguments as an object, and refuse the whole request for one that is none. */
export function argumentsOf({ input }: AskedCall): { readonly [key: string]: Json } {
  const value = input as Json
  return isObject(value) ? value : { not_an_object: value }
}

interface Piece {
  readonly error?: unknown
  readonly choices?: readonly { readonly delta?: Delta | null, readonly message?: Delta | null, readonly finish_reason?: string | null }[]
  readonly usage?: { readonly prompt_tokens?: unknown, readonly completion_tokens?: unknown, readonly prompt_tokens_details?: { readonly cached_tokens?: unknown } | null, readonly prompt_cache_hit_tokens?: unknown } | null
}

interface Delta {
  readonly content?: unknown
  readonly refusal?: unknown
  readonly reasoning_content?: unknown
  readonly reasoning?: unknown
  readonly tool_calls?: readonly CallDelta[] | null
}

interface CallDelta {
  readonly index?: unknown
  readonly id?: unknown
  readonly function?: { readonly name?: unknown, readonly arguments?: unknown } | null
}

const STOPS: Readonly<Record<string, Answer['stop']>> = { stop: 'end', tool_calls: 'tools', function_call: 'tools', length: 'length', content_filter: 'refused' }

/** Reads server-sent events of an answer. */
class Stream {
  readonly spoken: Spoken
  readonly #host: string
  /** index of the wire -> the call there, and the id it came with */
  readonly #calls = new Map<unknown, { readonly number: number, readonly id: unknown }>()
  /** lines that are no events */
  readonly #plain: string[] = []
  finished = false
  over = false

  constructor(ask: Ask, host: string) {
    this.spoken = new Spoken(ask)
    this.#host = host
  }

  line(line: string): void {
    if (this.over || /^(?::|event:|id:|retry:)/.test(line)) return
    if (!line.startsWith('data:')) {
      this.#plain.push(line)
      return
    }
    const data = line.slice(5).trim()
    if (data === '[DONE]') {
      this.finished = true
      this.over = true
      return
    }
    this.#piece(parsed(data, this.#host) as Piece)
  }

  /** Some answer in one piece whatever they are asked for. */
  close(): void {
    if (this.finished || this.spoken.begun || this.#plain.length === 0) return
    const { choices, ...rest } = parsed(this.#plain.join('\n'), this.#host) as Piece
    const whole = Array.isArray(choices) ? choices.map(({ message, finish_reason: finish }) => ({ delta: message, finish_reason: finish ?? 'stop' })) : []
    if (whole.length === 0 && rest.error === undefined) throw new ModelFault('bad-answer', `${this.#host} answers with JSON that is no chat completion`, false)
    this.#piece({ ...rest, choices: whole })
  }

  #piece({ error, choices, usage }: Piece): void {
    if (error !== undefined && error !== null) throw midwayFault(this.#host, error)
    if (usage !== undefined && usage !== null) this.#usage(usage)
    for (const { delta, finish_reason: finish } of Array.isArray(choices) ? choices.slice(0, 1) : []) {
      if (delta !== undefined && delta !== null) this.#delta(delta)
      if (typeof finish !== 'string') continue
      this.finished = true
      this.spoken.stop ??= STOPS[finish] ?? 'end'
    }
  }

  #delta({ content, refusal, reasoning_content: first, reasoning: second, tool_calls: calls }: Delta): void {
    this.spoken.thought(first ?? second)
    this.spoken.text(content)
    if (typeof refusal === 'string' && refusal !== '') {
      this.spoken.stop = 'refused'
      this.spoken.text(refusal)
    }
    for (const { index, id, function: part } of Array.isArray(calls) ? calls : []) {
      const known = this.#calls.get(index)
      // Some give every call the index 0: a name under another id begins a new one.
      const fresh = known === undefined || (typeof part?.name === 'string' && part.name !== '' && typeof id === 'string' && id !== '' && id !== known.id)
      const call = fresh ? { number: this.spoken.call(id, part?.name), id } : known
      this.#calls.set(index, call)
      this.spoken.arguments(call.number, part?.arguments)
    }
  }

  #usage(usage: NonNullable<Piece['usage']>): void {
    const input = tokens(usage.prompt_tokens)
    const output = tokens(usage.completion_tokens)
    if (input === undefined || output === undefined) return
    this.spoken.usage = { input, cached: tokens(usage.prompt_tokens_details?.cached_tokens ?? usage.prompt_cache_hit_tokens) ?? 0, output }
  }
}

/** One JSON object of a stream. Throws ModelFault, with all of the text: it is cut when it is masked. */
export function parsed(text: string, host: string): object {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // said below
  }
  throw new ModelFault('bad-answer', `${host} sends a line that is no JSON: ${text}`, true)
}
