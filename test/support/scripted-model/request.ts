import type { Json, JsonObject } from '../../../petri/json.js'
import type { AskedCall, Message } from '../../../protocol/model.js'
import type { ScriptedRequest } from './reply.js'

interface Head {
  readonly key: string | undefined
  readonly authorization: string | undefined
}

/** A body of POST /v1/chat/completions or /api/chat, made the same. Throws on what the real servers refuse. */
export function readRequest(wire: 'openai' | 'ollama', body: JsonObject, head: Head): ScriptedRequest {
  const messages = (body['messages'] as JsonObject[]).map((one) => readMessage(wire, one))
  const options = (wire === 'ollama' ? body['options'] ?? {} : body) as JsonObject
  const format = body[wire === 'ollama' ? 'format' : 'response_format'] as JsonObject | undefined
  return {
    wire, ...head, messages, body,
    model: body['model'] as string,
    tools: ((body['tools'] ?? []) as JsonObject[]).map(({ function: one }) => one as unknown as ScriptedRequest['tools'][number]),
    schema: wire === 'ollama' ? format : (format?.['json_schema'] as JsonObject | undefined)?.['schema'],
    streamed: wire === 'ollama' ? body['stream'] !== false : body['stream'] === true,
    maxTokens: (options['num_predict'] ?? options['max_completion_tokens'] ?? options['max_tokens']) as number | undefined,
    temperature: options['temperature'] as number | undefined,
    first: messages.find(({ role }) => role === 'user')?.text ?? '',
    last: messages.at(-1)?.text ?? '',
    turn: messages.filter(({ role }) => role === 'assistant').length,
  }
}

function readMessage(wire: 'openai' | 'ollama', message: JsonObject): Message {
  const text = (message['content'] ?? '') as string
  if (typeof text !== 'string') throw new Error('content is no text')
  switch (message['role']) {
    case 'system':
    case 'user':
      return { role: message['role'], text }
    case 'assistant':
      return { role: 'assistant', text, calls: ((message['tool_calls'] ?? []) as JsonObject[]).map((call) => readCall(wire, call)) }
    case 'tool': {
      const id = message['tool_call_id']
      if (wire === 'openai' && typeof id !== 'string') throw new Error('a tool message has no tool_call_id')
      return { role: 'tool', id: String(id ?? ''), name: String(message['tool_name'] ?? message['name'] ?? ''), text }
    }
    default:
      throw new Error(`role ${JSON.stringify(message['role'])} is none`)
  }
}

function readCall(wire: 'openai' | 'ollama', call: JsonObject): AskedCall {
  const { name, arguments: given } = call['function'] as { name: string, arguments: Json }
  if (typeof given !== (wire === 'openai' ? 'string' : 'object')) throw new Error(`arguments of ${name} are of the wrong type`)
  return { id: String(call['id'] ?? ''), name, input: (wire === 'openai' ? JSON.parse(given as string) : given) as AskedCall['input'] }
}
