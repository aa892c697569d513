import type { ChatRequest, Message as OllamaMessage } from 'ollama'
import type { Message } from '../../protocol/model.js'
import type { Egress } from '../kinds/egress.js'
import { argumentsOf, parsed } from './openai.js'
import { post } from './post.js'
import { ModelFault, type Ask, type Provider } from './provider.js'
import { midwayFault, refusalFault } from './refusal.js'
import { Spoken, tokens } from './spoken.js'

/** Ollama's native API: POST /api/chat with a stream of JSON lines. */
export function ollama(egress: Egress, authorization: string | undefined): Provider {
  return {
    async ask(ask) {
      const url = new URL(ask.model.url)
      url.pathname = `${url.pathname.replace(/\/+$/, '')}/api/chat`
      const headers = { 'content-type': 'application/json', 'idempotency-key': ask.idempotencyKey, ...(authorization === undefined ? {} : { authorization }) }
      const spoken = new Spoken(ask)
      let done = false
      try {
        const refusal = await post(egress, { url, headers, body: JSON.stringify(bodyOf(ask)) }, ask.signal, (line) => {
          if (!done) done = piece(parsed(line, url.host), spoken, url.host)
        })
        if (refusal !== undefined) throw refusalFault(ask.model, url.host, refusal)
        if (!done) throw new ModelFault('transport', `${url.host} ended its answer in the middle`, true)
        return spoken.answer()
      } catch (error) {
        return spoken.despite(error, done)
      }
    },
  }
}

/** `truncate` and `shift`: without them a prompt that is too long loses its beginning, silently. The SDK's types do not know them. */
type Body = Omit<ChatRequest, 'messages'> & { readonly messages: readonly (OllamaMessage & { readonly tool_call_id?: string })[], readonly truncate: false, readonly shift: false }

function bodyOf({ model, messages, tools, schema, temperature, maxTokens }: Ask): Body {
  return {
    model: model.model, messages: messages.map(messageOf), stream: true, truncate: false, shift: false,
    options: { num_ctx: model.context, num_predict: maxTokens, ...(temperature === undefined ? {} : { temperature }) },
    ...(tools.length === 0 ? {} : { tools: tools.map(({ name, description, parameters }) => ({ type: 'function', function: { name, description, parameters: parameters as object } })) }),
    ...(schema === undefined ? {} : { format: schema as object }),
  }
}

function messageOf(message: Message): Body['messages'][number] {
  switch (message.role) {
    case 'system':
    case 'user':
      return { role: message.role, content: message.text }
    case 'tool':
      return { role: 'tool', content: message.text, tool_name: message.name, tool_call_id: message.id }
    case 'assistant': {
      const calls = message.calls.map((call) => ({ id: call.id, function: { name: call.name, arguments: argumentsOf(call) } }))
      return { role: 'assistant', content: message.text, ...(calls.length === 0 ? {} : { tool_calls: calls }) }
    }
  }
}

interface Piece {
  readonly error?: unknown
  readonly message?: {
    readonly content?: unknown
    readonly thinking?: unknown
    readonly tool_calls?: readonly { readonly id?: unknown, readonly function?: { readonly name?: unknown, readonly arguments?: unknown } }[] | null
  } | null
  readonly done?: unknown
  readonly done_reason?: unknown
  readonly prompt_eval_count?: unknown
  readonly eval_count?: unknown
}

/** Takes one line in; whether it was the last. */
function piece(said: Piece, spoken: Spoken, host: string): boolean {
  if (said.error !== undefined) throw midwayFault(host, said.error)
  spoken.thought(said.message?.thinking)
  spoken.text(said.message?.content)
  const calls = said.message?.tool_calls
  for (const { id, function: call } of Array.isArray(calls) ? calls : []) spoken.call(id, call?.name, call?.arguments ?? {})
  if (said.done !== true) return false
  spoken.stop = said.done_reason === 'length' ? 'length' : 'end'
  const input = tokens(said.prompt_eval_count)
  const output = tokens(said.eval_count)
  if (input !== undefined && output !== undefined) spoken.usage = { input, cached: 0, output }
  return true
}
