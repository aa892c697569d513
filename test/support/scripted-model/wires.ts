import type { Usage } from '../../../petri/models.js'
import type { Said, ScriptedRequest } from './reply.js'

/** What an answer is on a wire: pieces of a stream, its finish, and the whole in one. */
export interface Wire {
  readonly contentType: string
  piece(text: string): string
  call(index: number, call: { readonly id: string, readonly name: string, readonly input: unknown }): string[]
  finish(stop: Stop, usage: Usage | undefined): string
  whole(said: Said, calls: readonly { readonly id: string, readonly name: string, readonly input: unknown }[], stop: Stop, usage: Usage | undefined): string
  /** something in the stream that is no JSON */
  garbage: string
  /** a text as a line of the stream, whatever it is */
  line(text: string): string
  midway(message: string): string
  refusal(status: number, message: string, code: string | undefined): string
}

export type Stop = NonNullable<Said['stop']>

const asText = (input: unknown): string => (typeof input === 'string' ? input : JSON.stringify(input))

export function openaiWire(request: ScriptedRequest): Wire {
  const base = { id: 'chatcmpl-scripted', created: 1_760_000_000, model: request.model }
  const event = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`
  const chunk = (delta: object, finish: string | null = null): string =>
    event({ ...base, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })
  const finishes: Readonly<Record<Stop, string>> = { end: 'stop', tools: 'tool_calls', length: 'length', refused: 'content_filter' }
  const wanted = ((request.body as { stream_options?: { include_usage?: unknown } }).stream_options?.include_usage) === true
  const told = (usage: Usage) => ({
    prompt_tokens: usage.input, completion_tokens: usage.output, total_tokens: usage.input + usage.output, prompt_tokens_details: { cached_tokens: usage.cached },
  })
  return {
    contentType: request.streamed ? 'text/event-stream' : 'application/json',
    piece: (text) => chunk({ role: 'assistant', content: text }),
    call(index, { id, name, input }) {
      const text = asText(input)
      const half = text.length >> 1
      const part = (one: string): string => chunk({ tool_calls: [{ index, function: { arguments: one } }] })
      return [chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }), part(text.slice(0, half)), part(text.slice(half))]
    },
    finish: (stop, usage) => chunk({}, finishes[stop])
      + (usage === undefined || !wanted ? '' : event({ ...base, object: 'chat.completion.chunk', choices: [], usage: told(usage) })) + 'data: [DONE]\n\n',
    whole: (said, calls, stop, usage) => JSON.stringify({
      ...base, object: 'chat.completion',
      choices: [{
        index: 0, finish_reason: finishes[stop],
        message: { role: 'assistant', content: said.text ?? null, ...(calls.length === 0 ? {} : { tool_calls: calls.map(({ id, name, input }) => ({ id, type: 'function', function: { name, arguments: asText(input) } })) }) },
      }],
      ...(usage === undefined ? {} : { usage: told(usage) }),
    }),
    line: (text) => `data: ${text}\n\n`,
    garbage: 'data: {"id": "chatcmpl-scripted", "choices": [\n\n',
    midway: (message) => event({ error: { message, type: 'server_error' } }),
    refusal: (_, message, code) => JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code: code ?? null } }),
  }
}

export function ollamaWire(request: ScriptedRequest): Wire {
  const base = { model: request.model, created_at: '2026-01-01T00:00:00Z' }
  const line = (value: object): string => `${JSON.stringify({ ...base, ...value })}\n`
  const asCall = (call: { readonly id: string, readonly name: string, readonly input: unknown }, index: number) => ({ id: call.id, function: { index, name: call.name, arguments: call.input } })
  const finish = (message: object, stop: Stop, usage: Usage | undefined): string => line({
    message: { role: 'assistant', content: '', ...message }, done: true, done_reason: stop === 'length' ? 'length' : 'stop', total_duration: 2_000_000, load_duration: 0,
    ...(usage === undefined ? {} : { prompt_eval_count: usage.input, prompt_eval_duration: 1_000_000, eval_count: usage.output, eval_duration: 1_000_000 }),
  })
  return {
    contentType: request.streamed ? 'application/x-ndjson' : 'application/json',
    piece: (text) => line({ message: { role: 'assistant', content: text }, done: false }),
    call: (index, call) => [line({ message: { role: 'assistant', content: '', tool_calls: [asCall(call, index)] }, done: false })],
    finish: (stop, usage) => finish({}, stop, usage),
    whole: (said, calls, stop, usage) => finish({ content: said.text ?? '', ...(calls.length === 0 ? {} : { tool_calls: calls.map(asCall) }) }, stop, usage),
    line: (text) => `${text}\n`,
    garbage: '{"model": "half\n',
    midway: (message) => `${JSON.stringify({ error: message })}\n`,
    refusal: (_, message) => JSON.stringify({ error: message }),
  }
}
