import type { Json, JsonObject } from '../../petri/json.js'
import type { Answer, AskedCall, Message, ModelGrant } from '../../protocol/model.js'
import { firstObject } from './first-object.js'
import type { Ask, OfferedTool, Provider } from './provider.js'

const FORM = `You work with tools. Every answer of yours is exactly one JSON object and nothing else, in one of two forms:
{"tool": "NAME", "input": {...}} calls a tool; its result is the next message.
{"text": "..."} says something without a tool.
These are the tools, each with the JSON Schema of its input:`
const FIT = 'Answer with one JSON value that fits this JSON Schema, and with nothing else:'
const TEXT_FIT = 'The value of "text" is itself JSON, written as a text, that fits this JSON Schema:'

/** For models that call no tools or keep to no schema by themselves: both are asked for in words, and read from the words of the answer. */
export function jsonForm(provider: Provider): Provider {
  return {
    async ask(ask) {
      const { model, tools, schema } = ask
      const able = new Set(model.capabilities)
      const formed = tools.length > 0 && !able.has('tools')
      const told = schema !== undefined && (formed || !able.has('schema'))
      const words = [
        ...(formed ? [FORM, ...tools.map(described)] : []),
        ...(told ? [formed ? TEXT_FIT : FIT, JSON.stringify(schema)] : []),
      ]
      const messages = able.has('tools') ? ask.messages : plain(ask.messages, formed)
      const answer = await provider.ask({
        ...ask, messages: words.length === 0 ? messages : instructed(messages, words.join('\n')), tools: formed ? [] : tools, schema: shape(model, formed, tools, schema),
        // What streams by is the form, not what it says.
        onText: formed ? undefined : ask.onText,
      })
      return formed ? unformed(answer, ask) : answer
    },
  }
}

/** Whether a call of this model needs it. */
export function needsJsonForm({ model, messages, tools, schema }: Pick<Ask, 'model' | 'messages' | 'tools' | 'schema'>): boolean {
  if (schema !== undefined && !model.capabilities.includes('schema')) return true
  return !model.capabilities.includes('tools') && (tools.length > 0 || messages.some(({ role }) => role === 'tool'))
}

/** A model that keeps to a schema is held to the form by one. */
function shape(model: ModelGrant, formed: boolean, tools: readonly OfferedTool[], schema: Json | undefined): Json | undefined {
  if (!model.capabilities.includes('schema')) return undefined
  if (!formed) return schema
  return { type: 'object', properties: { tool: { type: 'string', enum: tools.map(({ name }) => name) }, input: { type: 'object' }, text: { type: 'string' } } }
}

function described({ name, description, parameters }: OfferedTool): string {
  return `${name}: ${description}\n${JSON.stringify(parameters)}`
}

function instructed(messages: readonly Message[], words: string): Message[] {
  const [first, ...rest] = messages
  return first?.role === 'system' ? [{ role: 'system', text: `${first.text}\n\n${words}` }, ...rest] : [{ role: 'system', text: words }, ...messages]
}

/** A conversation without tool messages; such models want user and assistant to take turns. */
function plain(messages: readonly Message[], formed: boolean): Message[] {
  const turns: Message[] = []
  for (const message of messages.map((one) => worded(one, formed))) {
    const last = turns.at(-1)
    if (last?.role === 'user' && message.role === 'user') turns[turns.length - 1] = { role: 'user', text: `${last.text}\n\n${message.text}` }
    else turns.push(message)
  }
  return turns
}

function worded(message: Message, formed: boolean): Message {
  if (message.role === 'tool') return { role: 'user', text: `Result of ${message.name}:\n${message.text}` }
  if (message.role !== 'assistant') return message
  const calls = message.calls.map(({ name, input }) => JSON.stringify({ tool: name, input }))
  const text = calls.length > 0 ? calls.join('\n') : formed ? JSON.stringify({ text: message.text }) : message.text
  return { role: 'assistant', text, calls: [] }
}

/** Reads the form, leniently; an answer in another is what it says, as text. */
function unformed(answer: Answer, ask: Ask): Answer {
  const said = firstObject(answer.text)
  const call = said === undefined ? broken(answer.text) : callOf(said)
  if (call !== undefined) return { ...answer, text: '', calls: [{ id: `call_${ask.messages.length}_0`, ...call }], stop: answer.stop === 'end' ? 'tools' : answer.stop }
  const text = typeof said?.['text'] === 'string' ? said['text'] : answer.text
  ask.onText?.(text)
  return { ...answer, text }
}

type Call = Pick<AskedCall, 'name' | 'input'>

function callOf(said: JsonObject): Call | undefined {
  const name = said['tool'] ?? said['name']
  if (typeof name !== 'string' || name === '') return undefined
  return { name, input: (said['input'] ?? said['arguments'] ?? said['parameters'] ?? {}) as Call['input'] }
}

/** A call whose JSON does not hold together: handed on as text, so that the model is told. */
function broken(text: string): Call | undefined {
  const name = /\{\s*"tool"\s*:\s*"([^"\\]{1,64})"/.exec(text)?.[1]
  return name === undefined ? undefined : { name, input: text }
}
